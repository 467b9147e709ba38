package dev.rollcall.tools.bench;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** W1: a 64-byte message to another process, echoed as a new message. Half the round trip is what is reported. */
final class PingPong {
    private static final int LENGTH = 64;
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long LONGEST_NANOS = 10_000_000_000L;
    private final BenchSettings settings;
    private final WaitMode mode;
    private long received;
    private long expected;
    private long errors;
    private boolean exit;

    PingPong(BenchSettings settings) {
        this.settings = settings;
        this.mode = settings.mode();
    }

    /** The asking process; prints the result and returns the number of errors. */
    long ask(Path directory) throws IOException, InterruptedException {
        RingConfig config = new RingConfig(settings.capacity(), 1, mode.sleeps());
        RingWriter.createFile(directory.resolve("pong"), config);
        try (Arena arena = Arena.ofConfined();
                RingWriter out = RingWriter.create(directory.resolve("ping"), config);
                RingReader in = RingReader.join(directory.resolve("pong"), 0);
                BenchChild echo = BenchChild.start(settings.with("role=echo", "dir=" + directory))) {
            if (!out.awaitReaders(1, PATIENCE_NANOS)) {
                throw new IllegalStateException("the echo did not join: lags=" + out.lags());
            }
            MemorySegment message = arena.allocate(LENGTH, 64);
            long sequence =
                    rounds(out, in, message, 0, settings.nanos("warm_ms", 1000), new Histogram(LONGEST_NANOS, 3));
            Histogram histogram = new Histogram(LONGEST_NANOS, 3);
            double before = cpu(echo);
            long start = System.nanoTime();
            rounds(out, in, message, sequence, settings.nanos("ms", 1500), histogram);
            double seconds = (System.nanoTime() - start) / 1e9;
            double used = cpu(echo) - before;
            double idle = idlePercent(echo);
            Stamp.put(message, LENGTH, Stamp.EXIT);
            Channel.send(out, mode, message, LENGTH);
            echo.awaitEnd();
            print(histogram, seconds, used, idle);
        }
        return errors;
    }

    private long rounds(RingWriter out, RingReader in, MemorySegment message, long first, long nanos,
            Histogram histogram) {
        long gap = settings.number("gap_us", 0) * 1000L;
        long start = System.nanoTime();
        long sequence = first;
        while (true) {
            long begin = System.nanoTime();
            if (begin - start > nanos) {
                return sequence;
            }
            if (gap > 0) {
                LockSupport.parkNanos(gap);
                begin = System.nanoTime();
            }
            expected = sequence;
            Stamp.put(message, LENGTH, sequence++);
            Channel.send(out, mode, message, LENGTH);
            long before = received;
            while (received == before) {
                Channel.receive(in, mode, this::onReply);
            }
            histogram.recordValue(System.nanoTime() - begin);
        }
    }

    private void onReply(int typeId, MemorySegment buffer, long offset, long length) {
        received++;
        if (length != LENGTH || !Stamp.isWhole(buffer, offset, length, expected)) {
            errors++;
        }
    }

    private double idlePercent(BenchChild echo) throws IOException {
        long window = settings.nanos("idle_ms", 0);
        if (window == 0) {
            return -1;
        }
        double before = echo.cpuSeconds();
        long start = System.nanoTime();
        while (System.nanoTime() - start < window) {
            LockSupport.parkNanos(window - (System.nanoTime() - start));
        }
        return 100 * (echo.cpuSeconds() - before) / (window / 1e9);
    }

    private void print(Histogram histogram, double seconds, double used, double idle) {
        System.out.printf(
                Locale.ROOT,
                "{\"peer\":\"rollcall\",\"w\":\"W1\",\"mode\":\"%s\",\"readers\":1,\"gap_us\":%d,\"p50_ns\":%.0f,\"p99_ns\":%.0f,"
                        + "\"p999_ns\":%.0f,\"calls_s\":%.0f,\"cpu_pct\":%.1f,\"idle_reader_cpu_pct\":%.1f,\"errors\":%d}%n",
                settings.text("mode", "default"), settings.number("gap_us", 0),
                histogram.getValueAtPercentile(50) / 2.0,
                histogram.getValueAtPercentile(99) / 2.0, histogram.getValueAtPercentile(99.9) / 2.0,
                histogram.getTotalCount() / seconds, 100 * used / seconds, idle, errors);
    }

    private static double cpu(BenchChild echo) throws IOException {
        return BenchChild.cpuSeconds(ProcessHandle.current().pid()) + echo.cpuSeconds();
    }

    /** The echoing process. */
    void echo(Path directory) {
        try (Arena arena = Arena.ofConfined();
                RingReader in = RingReader.join(directory.resolve("ping"), 0);
                RingWriter out = RingWriter.own(directory.resolve("pong"))) {
            System.out.println("READY");
            MemorySegment message = arena.allocate(LENGTH, 64);
            while (!exit) {
                Channel.receive(in, mode,
                        (typeId, buffer, offset, length) -> answer(out, message, Stamp.get(buffer, offset)));
            }
        }
    }

    private void answer(RingWriter out, MemorySegment message, long sequence) {
        if (sequence == Stamp.EXIT) {
            exit = true;
            return;
        }
        Stamp.put(message, LENGTH, sequence);
        Channel.send(out, mode, message, LENGTH);
    }
}
