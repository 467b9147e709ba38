package dev.rollcall.watchdog.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.incident.CallBars.Bar;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChartTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldNeverLetALabelCoverAnotherOrBeCrossedByARule() {
        Random random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            int n = 1 + random.nextInt(7);
            double[] x = random.doubles(n, 0, random.nextBoolean() ? 900 : 30).sorted().toArray();
            double[] widths = random.doubles(n, 60, 160).toArray();
            int[] rows = LabelStairs.rows(x, widths);
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; j < n; j++) {
                    boolean below = rows[i] >= rows[j];
                    assertThat(below && x[i] + widths[i] > x[j]).as("%s %s", Arrays.toString(x), Arrays.toString(rows))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void shouldPutLabelsOnOneRowWhereThereIsRoom() {
        assertThat(LabelStairs.rows(new double[]{0, 200, 400}, new double[]{90, 90, 90})).containsOnly(0);
    }

    @Test
    void shouldKeepOneScaleForShortIncidents() {
        TimeScale scale = TimeScale.of(10 * SECOND, 10 * SECOND, 11 * SECOND, 0, 300);
        assertThat(scale.isBroken()).isFalse();
        assertThat(scale.x(8 * SECOND)).isZero();
        assertThat(scale.x(100 * SECOND)).isEqualTo(300);
        assertThat(scale.x(0)).isZero();
    }

    @Test
    void shouldBreakTheAxisWhenTheVerdictCameMuchLater() {
        TimeScale scale = TimeScale.of(0, 300 * SECOND, 301 * SECOND, 0, 300);
        assertThat(scale.isBroken()).isTrue();
        assertThat(scale.x(0)).isLessThan(scale.x(SECOND));
        assertThat(scale.x(200 * SECOND)).isBetween(scale.x(SECOND), scale.x(300 * SECOND));
        double left = scale.x(SECOND) - scale.x(0);
        assertThat(scale.x(301 * SECOND) - scale.x(300 * SECOND)).isCloseTo(left, org.assertj.core.data.Offset.offset(
                0.01));
        assertThat(scale.ticks(0)).hasSizeLessThan(16);
    }

    @Test
    void shouldStayBoundedForTimesThatMakeNoSense() {
        long[] odd = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, SECOND, Long.MAX_VALUE - 1, Long.MAX_VALUE};
        for (long fault : odd) {
            for (long mark : odd) {
                for (long origin : odd) {
                    TimeScale scale = TimeScale.of(fault, origin, mark, 0, 300);
                    assertThat(scale.x(origin)).isBetween(0.0, 300.0);
                    assertThat(scale.ticks(origin)).hasSizeLessThanOrEqualTo(40);
                }
            }
        }
    }

    @Test
    void shouldDrawEveryCallOnceAndInOrder() {
        Incident incident = Sample.stopped().build();
        GroupSnapshot[] window = incident.window().toArray(new GroupSnapshot[0]);
        List<Bar> bars = CallBars.of(window, 2);
        var first = window[0].ranks().get(2).board();
        var last = window[window.length - 1].ranks().get(2).board();
        assertThat(bars.stream().filter(Bar::finished).count()).isEqualTo(last.finished() - first.finished());
        assertThat(bars.getLast().finished()).isFalse();
        for (int i = 0; i < bars.size(); i++) {
            assertThat(bars.get(i).to()).isGreaterThan(bars.get(i).from());
            assertThat(i == 0 || bars.get(i).from() >= bars.get(i - 1).to()).isTrue();
        }
    }

    @Test
    void shouldThinTheWindowOnceAndKeepWhatDecides() {
        for (Sample sample : List.of(Sample.late(), Sample.many(), Sample.driver())) {
            Incident incident = sample.build();
            Incident thin = WindowThinning.thin(incident);
            assertThat(WindowThinning.thin(thin)).isEqualTo(thin);
            assertThat(thin.window()).hasSizeLessThan(incident.window().size() + 1).isSubsetOf(incident.window());
            assertThat(thin.window().getLast()).isEqualTo(incident.window().getLast());
            assertThat(thin.window()).anyMatch(s -> s.tick() == incident.verdictTick())
                    .anyMatch(s -> s.atNanos() == incident.timeline().lastProgressNanos())
                    .anyMatch(s -> s.atNanos() == incident.timeline().firstSignNanos());
        }
    }
}
