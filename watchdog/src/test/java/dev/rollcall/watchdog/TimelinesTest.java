package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.MILLI;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When it began, as the report counts from it. */
class TimelinesTest {
    private final ModelGroup group = new ModelGroup(8);

    /** How long before its verdict it is said to have begun, milliseconds. */
    private long began() {
        List<GroupSnapshot> window = group.history.window();
        long began = Timelines.lastProgress(window, group.diagnosis.act().orElseThrow());
        return (window.getLast().atNanos() - began) / MILLI;
    }

    private void atWork() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.ticks(1);
    }

    @Test
    void shouldCountFromTheLastTickOfARankThatStopped() {
        atWork();
        group.allWaitExcept(5);
        group.ticks(1);
        group.rank(5).stop();
        long took = group.untilAct(5 * SECOND) / MILLI;

        assertThat(began()).isBetween(took, took + 250);
    }

    @Test
    void shouldCountFromTheCollectiveThatARankMissesThoughItsLoopTicksOn() {
        atWork();
        group.allWaitExcept(5);
        group.rank(5).finished = group.rank(5).started;
        long took = group.untilAct(5 * SECOND) / MILLI;

        assertThat(group.diagnosis.act().orElseThrow().kind()).isEqualTo(HangKind.MISSING_FROM_COLLECTIVE);
        assertThat(took).isGreaterThan(900);
        assertThat(began()).isBetween(took - 100, took + 100);
    }

    @Test
    void shouldCountFromBeforeTheWindowWhenNothingMovedInIt() {
        atWork();
        group.driver.ticking = false;
        long took = group.untilAct(10 * SECOND) / MILLI;

        assertThat(took).isGreaterThan(4_900);
        assertThat(began()).isBetween(took - 100, took + 100);
    }
}
