package dev.rollcall.tools.bench;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** W1: a 64-byte message to another process, echoed as a new message. Half the round trip is what is reported. */
final class PingPong {
    private static final int LENGTH = 64;
    private final BenchSettings settings;
    private final WaitMode mode;

    PingPong(BenchSettings settings) {
        this.settings = settings;
        this.mode = settings.mode();
    }

    /** The asking process; prints the result and returns the number of errors. */
    long ask(Path directory) throws IOException, InterruptedException {
        RingConfig config = new RingConfig(settings.capacity(), 1, mode.sleeps());
        RingWriter.createFile(directory.resolve("pong"), config);
        try (Arena arena = Arena.ofConfined();
                Sender out = Sender.create(directory.resolve("ping"), config, mode);
                Asker asker = new Asker(settings, out, arena.allocate(LENGTH, 64), directory.resolve("pong"));
                BenchChild echo = BenchChild.start(settings.with("role=echo", "dir=" + directory))) {
            out.awaitReaders(1);
            ResultLine line = new ResultLine(settings);
            asker.measure(line, 2, echo.pid());
            asker.send(Stamp.EXIT);
            echo.awaitEnd();
            line.with("errors", asker.errors).print();
            return asker.errors;
        }
    }

    private static final class Asker extends Rounds implements AutoCloseable {
        private final Sender out;
        private final MemorySegment message;
        private final Receiver in;
        private boolean answered;
        private long expected;
        private long errors;

        Asker(BenchSettings settings, Sender out, MemorySegment message, Path pong) {
            super(settings);
            this.out = out;
            this.message = message;
            this.in = new Receiver(pong, 0, settings, this::onReply);
        }

        void send(long number) {
            Stamp.put(message, LENGTH, number);
            out.send(message, LENGTH);
        }

        @Override
        void ask(long number) {
            expected = number;
            answered = false;
            send(number);
            while (!answered) {
                in.receive();
            }
        }

        private void onReply(int typeId, MemorySegment buffer, long offset, long length) {
            answered = true;
            if (length != LENGTH || !Stamp.isWhole(buffer, offset, length, expected)) {
                errors++;
            }
        }

        @Override
        public void close() {
            in.close();
        }
    }

    /** The echoing process. */
    void echo(Path directory) {
        try (Arena arena = Arena.ofConfined();
                Sender out = Sender.own(directory.resolve("pong"), mode)) {
            Echo echo = new Echo(out, arena.allocate(LENGTH, 64));
            try (Receiver in = new Receiver(directory.resolve("ping"), 0, settings, echo::onFrame)) {
                System.out.println("READY");
                while (!echo.exit) {
                    in.receive();
                }
            }
        }
    }

    private static final class Echo {
        private final Sender out;
        private final MemorySegment message;
        private boolean exit;

        Echo(Sender out, MemorySegment message) {
            this.out = out;
            this.message = message;
        }

        void onFrame(int typeId, MemorySegment buffer, long offset, long length) {
            long number = Stamp.get(buffer, offset);
            if (number == Stamp.EXIT) {
                exit = true;
            } else {
                Stamp.put(message, LENGTH, number);
                out.send(message, LENGTH);
            }
        }
    }
}
