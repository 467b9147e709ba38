package dev.rollcall.tools.bench;

import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Asks and waits for the answer, one question at a time, for as long as the settings say. One thread. */
abstract class Rounds {
    private static final long LONGEST_NANOS = 10_000_000_000L;
    private final BenchSettings settings;
    private long sequence;

    Rounds(BenchSettings settings) {
        this.settings = settings;
    }

    /** One round: sends this number, returns when it has come back. */
    abstract void ask(long number);

    /** Nobody asks for a while. */
    void idle(long nanos) {
        long start = System.nanoTime();
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - start)) {
            LockSupport.parkNanos(left);
        }
    }

    /** Adds what was measured to the line; a number's way takes 1/divisor of a round; the first of the others may be idle. */
    final void measure(ResultLine line, int divisor, long... others) {
        run(settings.nanos("warm_ms", 1000), new Histogram(LONGEST_NANOS, 3));
        Histogram histogram = new Histogram(LONGEST_NANOS, 3);
        double before = CpuTime.secondsWith(others);
        long start = System.nanoTime();
        run(settings.nanos("ms", 1500), histogram);
        double seconds = (System.nanoTime() - start) / 1e9;
        double used = CpuTime.secondsWith(others) - before;
        line.with("readers", settings.readers()).with("gap_us", settings.number("gap_us", 0));
        line.with(histogram, divisor, settings);
        line.with("calls_s", Math.round(histogram.getTotalCount() / seconds));
        line.with("cpu_pct", 100 * used / seconds, 1);
        line.with("idle_reader_cpu_pct", idlePercent(others[0]), 2);
    }

    private void run(long nanos, Histogram histogram) {
        long gap = settings.number("gap_us", 0) * 1000L;
        long start = System.nanoTime();
        while (true) {
            long begin = System.nanoTime();
            if (begin - start > nanos) {
                return;
            }
            if (gap > 0) {
                LockSupport.parkNanos(gap);
                begin = System.nanoTime();
            }
            ask(sequence++);
            histogram.recordValue(System.nanoTime() - begin);
        }
    }

    private double idlePercent(long pid) {
        long window = settings.nanos("idle_ms", 0);
        if (window == 0) {
            return -1;
        }
        long before = CpuTime.nanosOfThreads(pid);
        long start = System.nanoTime();
        idle(window);
        return 100.0 * (CpuTime.nanosOfThreads(pid) - before) / (System.nanoTime() - start);
    }
}
