package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final ModelGroup group = new ModelGroup(2);

    @Test
    void shouldKeepTheLastFourSecondsInFullAndThirtyThinly() {
        group.ticks(60 * 20);
        List<GroupSnapshot> window = group.history.window();
        long newest = window.getLast().atNanos();

        assertThat(window).isSortedAccordingTo((a, b) -> Long.compare(a.tick(), b.tick())).doesNotHaveDuplicates();
        assertThat(window.stream().filter(s -> newest - s.atNanos() <= 4 * SECOND)).hasSize(81);
        assertThat(newest - window.getFirst().atNanos()).isBetween(28 * SECOND, 30 * SECOND);
        assertThat(window.size()).isLessThan(120);
    }

    @Test
    void shouldStayBoundedWhenTheClockRaces() {
        for (int i = 0; i < 500; i++) {
            group.tick(5 * SECOND);
        }
        assertThat(group.history.window().size()).isLessThan(20);
    }
}
