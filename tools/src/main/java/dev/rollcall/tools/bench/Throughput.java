package dev.rollcall.tools.bench;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** W2: one writer stamps, copies in and sends; every reader checks every message. Time runs to the last reader's end marker. */
final class Throughput {
    private static final long WARM_BYTES = 1L << 29;
    private static final long BYTES = 3L << 29;
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private final BenchSettings settings;
    private final WaitMode mode;
    private final int size;

    Throughput(BenchSettings settings) {
        this.settings = settings;
        this.mode = settings.mode();
        this.size = settings.size();
    }

    /** The writing process; prints the result and returns the number of errors. */
    long write(Path directory) throws IOException, InterruptedException {
        RingConfig config = new RingConfig(settings.capacity(), settings.readers(), mode.sleeps());
        List<BenchChild> readers = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                RingWriter writer = RingWriter.create(directory.resolve("ping"), config)) {
            for (int i = 0; i < settings.readers(); i++) {
                readers.add(BenchChild.start(settings.with("role=reader", "idx=" + i, "dir=" + directory)));
            }
            if (!writer.awaitReaders(settings.readers(), PATIENCE_NANOS)) {
                throw new IllegalStateException("readers did not join: lags=" + writer.lags());
            }
            MemorySegment message = arena.allocate(size, 64);
            run(writer, readers, message, settings.nanos("warm_ms", 1000), WARM_BYTES / size, Stamp.END);
            double before = cpu(readers);
            Run run = run(writer, readers, message, settings.nanos("ms", 1000), BYTES / size, Stamp.EXIT);
            double seconds = run.nanos / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "{\"peer\":\"rollcall\",\"w\":\"W2\",\"mode\":\"%s\",\"size\":%d,\"readers\":%d,\"capacity\":%d,\"msgs_s\":%.0f,"
                            + "\"gbps\":%.4f,\"errors\":%d,\"cpu_pct\":%.0f}%n",
                    settings.text("mode", "default"), size, settings.readers(), settings.capacity(),
                    run.messages / seconds,
                    run.messages * (double) size / seconds / 1e9, run.errors, 100 * (cpu(readers) - before) / seconds);
            for (BenchChild reader : readers) {
                reader.awaitEnd();
            }
            return run.errors;
        } finally {
            readers.forEach(BenchChild::close);
        }
    }

    private record Run(long messages, long nanos, long errors) {
    }

    private Run run(
            RingWriter writer, List<BenchChild> readers, MemorySegment message, long nanos, long most, long marker)
            throws IOException {
        int clockEvery = size >= 4096 ? 16 : 256;
        long start = System.nanoTime();
        long sent = 0;
        while (sent < most && (sent % clockEvery != 0 || System.nanoTime() - start < nanos)) {
            Stamp.put(message, size, sent++);
            Channel.send(writer, mode, message, size);
        }
        Stamp.put(message, size, marker);
        Channel.send(writer, mode, message, size);
        long errors = 0;
        for (BenchChild reader : readers) {
            String[] counts = reader.line().split(" ", -1);
            errors += Long.parseLong(counts[1]) + (Long.parseLong(counts[0]) == sent ? 0 : 1);
        }
        // The readers' lines come through a pipe: some 20 us in a run of a second, and no clock of another process.
        return new Run(sent, System.nanoTime() - start, errors);
    }

    private static double cpu(List<BenchChild> readers) throws IOException {
        double sum = BenchChild.cpuSeconds(ProcessHandle.current().pid());
        for (BenchChild reader : readers) {
            sum += reader.cpuSeconds();
        }
        return sum;
    }

    /** A reading process: one line "count errors" per marker. */
    void read(Path directory) {
        try (RingReader reader = RingReader.join(directory.resolve("ping"), settings.number(BenchSettings.INDEX, 0))) {
            System.out.println("READY");
            Check check = new Check(size);
            while (!check.exit) {
                Channel.receive(reader, mode, check::onFrame);
            }
        }
    }

    private static final class Check {
        private final int size;
        private long expected;
        private long errors;
        private boolean exit;

        Check(int size) {
            this.size = size;
        }

        void onFrame(int typeId, MemorySegment buffer, long offset, long length) {
            long sequence = Stamp.get(buffer, offset);
            if (sequence < 0) {
                System.out.println(expected + " " + errors);
                expected = 0;
                errors = 0;
                exit = sequence == Stamp.EXIT;
                return;
            }
            if (sequence != expected || length != size || !Stamp.isWhole(buffer, offset, length, sequence)) {
                errors++;
            }
            expected++;
        }
    }
}
