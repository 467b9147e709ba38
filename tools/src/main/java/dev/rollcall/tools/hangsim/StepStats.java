package dev.rollcall.tools.hangsim;

import dev.rollcall.tools.hangsim.StepPlan.Step;
import java.util.Map;
import java.util.function.BiConsumer;
import org.HdrHistogram.Histogram;

/** How long steps took, told to the stage hand a few times a second. The step loop's thread. */
final class StepStats implements BiConsumer<Step, Long> {
    private static final long INTERVAL_NANOS = 250_000_000L;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final double MICROS_PER_MILLI = 1_000;
    private static final long LONGEST_MICROS = 3_600_000_000L;

    private final Histogram micros = new Histogram(LONGEST_MICROS, 3);
    private final DriverEvents events;
    private long lastNanos;

    StepStats(DriverEvents events) {
        this.events = events;
        this.lastNanos = System.nanoTime();
    }

    @Override
    public void accept(Step step, Long nanos) {
        boolean first = step == Step.WARM_UP || step == Step.SLOW_START;
        if (!first) {
            micros.recordValue(Math.min(LONGEST_MICROS, nanos / NANOS_PER_MICRO));
        }
        long now = System.nanoTime();
        if (first || now - lastNanos > INTERVAL_NANOS) {
            lastNanos = now;
            events.tell("stats", Map.of("steps", micros.getTotalCount(), "p50Ms", millis(50), "p99Ms", millis(99)));
        }
    }

    private double millis(double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }
}
