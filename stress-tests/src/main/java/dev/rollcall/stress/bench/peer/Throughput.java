package dev.rollcall.stress.bench.peer;

import dev.rollcall.stress.bench.peer.Transport.Inlet;
import dev.rollcall.stress.bench.peer.Transport.Outlet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** W2: one writer stamps and sends; every reader checks every message. Time runs to the last reader's end marker. */
final class Throughput {
    private Throughput() {
    }

    private record Run(long messages, double seconds, long errors) {
    }

    /** The writing process; prints the result and returns the number of errors. */
    static long write(Settings settings, Transport transport) throws IOException, InterruptedException {
        int size = settings.size();
        List<PeerProcess> readers = new ArrayList<>();
        try {
            Outlet out = transport.outlet("ping", settings.readers(), size);
            for (int i = 0; i < settings.readers(); i++) {
                readers.add(PeerProcess.start(settings.with("role=read", "idx=" + i)));
            }
            out.awaitReaders();
            UnsafeBuffer message = Stamp.message(size);
            run(out, readers, message, settings.nanos("warm_ms", 1000));
            double before = CpuTime.secondsWith(readers);
            Run run = run(out, readers, message, settings.nanos("ms", 1000));
            double used = CpuTime.secondsWith(readers) - before;
            Stamp.put(message, size, Stamp.EXIT);
            out.send(message, size);
            for (PeerProcess reader : readers) {
                reader.awaitEnd();
            }
            new ResultLine(settings).with("size", size).with("readers", settings.readers())
                    .with("msgs_s", Math.round(run.messages / run.seconds))
                    .with("gbps", run.messages * (double) size / run.seconds / 1e9, 4).with("errors", run.errors)
                    .with("cpu_pct", 100 * used / run.seconds, 1).print();
            return run.errors;
        } finally {
            CloseHelper.closeAll(readers);
        }
    }

    private static Run run(Outlet out, List<PeerProcess> readers, UnsafeBuffer message, long nanos) throws IOException {
        int size = message.capacity();
        int clockEvery = size >= 4096 ? 16 : 256;
        long start = System.nanoTime();
        long sent = 0;
        while (sent % clockEvery != 0 || System.nanoTime() - start < nanos) {
            Stamp.put(message, size, sent++);
            out.send(message, size);
        }
        Stamp.put(message, size, Stamp.END);
        out.send(message, size);
        long errors = 0;
        for (PeerProcess reader : readers) {
            String[] counts = reader.line().split(" ", -1);
            errors += Long.parseLong(counts[1]) + (Long.parseLong(counts[0]) == sent ? 0 : 1);
        }
        // The readers' lines come through a pipe: some 20 us in a run of a second, and no clock of another process.
        return new Run(sent, (System.nanoTime() - start) / 1e9, errors);
    }

    /** A reading process: one line "count errors" per marker. */
    static void read(Settings settings, Transport transport) {
        Inlet in = transport.inlet("ping", settings.number(Settings.INDEX, 0), settings.size());
        Check check = new Check(settings.size());
        Transport.Handler handler = check::onMessage;
        IdleStrategy idle = settings.idle();
        System.out.println("READY");
        while (!check.exit) {
            idle.idle(in.poll(handler));
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

        void onMessage(DirectBuffer buffer, int offset, int length) {
            long number = buffer.getLong(offset);
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
