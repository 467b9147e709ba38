package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static dev.rollcall.watchdog.ModelGroup.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AgingTest {
    private final ModelGroup group = new ModelGroup(2);

    private Ages ages(int rank) {
        return group.history.newest().ranks().get(rank).ages();
    }

    @Test
    void shouldCountACallFromTheTickItWasFirstSeenIn() {
        group.tick();
        group.begin(METHOD, "", 0);
        group.tick();
        assertThat(ages(0).callNanos()).isZero();
        group.ticks(4);
        assertThat(ages(0).callNanos()).isEqualTo(4 * TICK);
        group.end();
        group.tick();
        assertThat(ages(0).callNanos()).isZero();
    }

    @Test
    void shouldCountALateTickForNoMoreThanTwo() {
        group.begin(METHOD, "", 0);
        group.ticks(2);
        group.tick(30 * SECOND);

        assertThat(ages(0).callNanos()).isEqualTo(3 * TICK);
    }

    @Test
    void shouldNotCountTicksInWhichTheThreadCouldNotRun() {
        group.begin(METHOD, "", 0);
        group.ticks(3);
        group.rank(0).spin();
        group.rank(0).starved = true;
        group.tick();
        long before = ages(0).callNanos();
        group.ticks(20);
        assertThat(ages(0).callNanos()).isEqualTo(before);
        assertThat(ages(0).starvedNanos()).isGreaterThanOrEqualTo(19 * TICK);

        group.rank(0).starved = false;
        group.ticks(2);
        assertThat(ages(0).callNanos()).isEqualTo(before + 2 * TICK);
        assertThat(ages(0).starvedNanos()).isZero();
    }

    @Test
    void shouldCountReadingsOfAStop() {
        group.ticks(2);
        group.rank(1).stop();
        group.tick();
        assertThat(ages(1).stoppedReadings()).isEqualTo(1);
        assertThat(ages(1).stoppedNanos()).isZero();
        group.tick();
        assertThat(ages(1).stoppedReadings()).isEqualTo(2);
        assertThat(ages(1).stoppedNanos()).isEqualTo(TICK);
        group.rank(1).sleep("futex_do_wait");
        group.tick();
        assertThat(ages(1).stoppedReadings()).isZero();
    }

    @Test
    void shouldCountForHowLongAPeerHasWaited() {
        group.ticks(2);
        group.begin(METHOD, "", 0);
        group.allWaitExcept(1);
        group.ticks(5);

        assertThat(ages(1).missingNanos()).isEqualTo(4 * TICK);
        assertThat(ages(0).missingNanos()).isZero();
    }

    @Test
    void shouldCountTheSilenceOfALoopAndOfAPulseApart() {
        group.ticks(10);
        group.rank(0).looping = false;
        group.ticks(20);

        assertThat(ages(0).loopNanos()).isGreaterThanOrEqualTo(19 * TICK);
        assertThat(ages(0).pulseNanos()).isLessThanOrEqualTo(4 * TICK);
    }
}
