package dev.rollcall.stress.bench.peer;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Asks all and waits for every answer, one question at a time, for as long as the settings say: W1 and W3. One thread. */
abstract class Rounds {
    private static final long LONGEST_NANOS = 10_000_000_000L;
    /** As many as the product's own warm-up makes. */
    private static final int HOT_ROUNDS = 12_000;
    private final Settings settings;
    private long number;

    Rounds(Settings settings) {
        this.settings = settings;
    }

    /** Bytes there in W1 and W3. */
    static int requestLength(Settings settings) {
        return settings.workload().equals("W1") ? 64 : 200;
    }

    /** Bytes back. */
    static int replyLength(Settings settings) {
        return settings.workload().equals("W1") ? 64 : 100;
    }

    /** One round: sends this number, returns when it has come back from all. */
    abstract void ask(long asked);

    final ResultLine measure(List<PeerProcess> others) {
        if (settings.number("warmup", 0) != 0) {
            for (int i = 0; i < HOT_ROUNDS; i++) {
                ask(number++);
            }
        }
        run(settings.nanos("warm_ms", 1000), new Histogram(LONGEST_NANOS, 3));
        Histogram histogram = new Histogram(LONGEST_NANOS, 3);
        double before = CpuTime.secondsWith(others);
        long start = System.nanoTime();
        run(settings.nanos("ms", 1500), histogram);
        double seconds = (System.nanoTime() - start) / 1e9;
        double used = CpuTime.secondsWith(others) - before;
        return new ResultLine(settings).with("readers", settings.readers()).with("gap_us", settings.number("gap_us", 0))
                .with(histogram, settings.workload().equals("W1") ? 2 : 1, settings)
                .with("calls_s", Math.round(histogram.getTotalCount() / seconds))
                .with("cpu_pct", 100 * used / seconds, 1)
                .with("idle_reader_cpu_pct", idlePercent(others.getFirst().pid()), 2);
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
            ask(number++);
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
        for (long left = window; left > 0; left = window - (System.nanoTime() - start)) {
            LockSupport.parkNanos(left);
        }
        return 100.0 * (CpuTime.nanosOfThreads(pid) - before) / (System.nanoTime() - start);
    }
}
