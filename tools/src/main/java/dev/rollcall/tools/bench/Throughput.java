package dev.rollcall.tools.bench;

import dev.rollcall.shm.RingConfig;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** W2: one writer stamps, copies in and sends; every reader checks every message. Time runs to the last reader's end marker. */
final class Throughput {
    private final BenchSettings settings;
    private final WaitMode mode;
    private final int size;
    private final int batch;

    Throughput(BenchSettings settings) {
        this.settings = settings;
        this.mode = settings.mode();
        this.size = settings.size();
        this.batch = settings.batch();
    }

    /** The writing process; prints the result and returns the number of errors. */
    long write(Path directory) throws IOException, InterruptedException {
        RingConfig config = new RingConfig(settings.capacity(), settings.readers(), mode.sleeps());
        List<BenchChild> readers = new ArrayList<>();
        try (Arena arena = Arena.ofConfined(); Sender out = Sender.create(directory.resolve("ping"), config, mode)) {
            for (int i = 0; i < settings.readers(); i++) {
                readers.add(BenchChild.start(settings.with("role=reader", "idx=" + i, "dir=" + directory)));
            }
            out.awaitReaders(settings.readers());
            MemorySegment message = arena.allocate(size, 64);
            run(out, readers, message, settings.nanos("warm_ms", 1000));
            long[] pids = readers.stream().mapToLong(BenchChild::pid).toArray();
            double before = CpuTime.secondsWith(pids);
            Run run = run(out, readers, message, settings.nanos("ms", 1000));
            double seconds = run.nanos / 1e9;
            double used = CpuTime.secondsWith(pids) - before;
            Stamp.put(message, size, Stamp.EXIT);
            out.send(message, size);
            ResultLine line = new ResultLine(settings).with("size", size).with("readers", settings.readers())
                    .with("capacity", settings.capacity()).with("batch", batch)
                    .with("msgs_s", Math.round(run.messages / seconds))
                    .with("gbps", run.messages * (double) size / seconds / 1e9, 4)
                    .with("errors", run.errors)
                    .with("cpu_pct", 100 * used / seconds, 1);
            for (BenchChild reader : readers) {
                reader.awaitEnd();
            }
            line.print();
            return run.errors;
        } finally {
            readers.forEach(BenchChild::close);
        }
    }

    private record Run(long messages, long nanos, long errors) {
    }

    private Run run(Sender out, List<BenchChild> readers, MemorySegment message, long nanos) throws IOException {
        int clockEvery = size >= 4096 ? 16 : 256;
        long start = System.nanoTime();
        long sent = 0;
        while (System.nanoTime() - start < nanos) {
            long end = sent + clockEvery;
            while (sent < end) {
                sent = batch == 1 ? send(out, message, sent) : sendBatch(out, message, sent);
            }
        }
        Stamp.put(message, size, Stamp.END);
        out.send(message, size);
        long errors = 0;
        for (BenchChild reader : readers) {
            String[] counts = reader.line().split(" ", -1);
            errors += Long.parseLong(counts[1]) + (Long.parseLong(counts[0]) == sent ? 0 : 1);
        }
        // The readers' lines come through a pipe: some 20 us in a run of a second, and no clock of another process.
        return new Run(sent, System.nanoTime() - start, errors);
    }

    private long send(Sender out, MemorySegment message, long number) {
        Stamp.put(message, size, number);
        out.send(message, size);
        return number + 1;
    }

    private long sendBatch(Sender out, MemorySegment message, long first) {
        long end = first + batch;
        try (var _ = out.batch()) {
            for (long number = first; number < end; number++) {
                long _ = send(out, message, number);
            }
        }
        return end;
    }

    /** A reading process: one line "count errors" per marker. */
    void read(Path directory) {
        Check check = new Check(size);
        try (Receiver in = new Receiver(directory.resolve("ping"), settings.number(BenchSettings.INDEX, 0), settings,
                check::onFrame)) {
            System.out.println("READY");
            while (!check.exit) {
                in.receive();
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
            long number = Stamp.get(buffer, offset);
            if (number < 0) {
                marker(number);
                return;
            }
            if (number != expected || length != size || !Stamp.isWhole(buffer, offset, length, number)) {
                errors++;
            }
            expected++;
        }

        private void marker(long number) {
            if (number == Stamp.EXIT) {
                exit = true;
                return;
            }
            System.out.println(expected + " " + errors);
            expected = 0;
            errors = 0;
        }
    }
}
