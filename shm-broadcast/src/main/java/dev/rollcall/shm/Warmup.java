package dev.rollcall.shm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Has the JVM compile what a message passes through, before the first one that matters. A JVM compiles what it has run
 * thousands of times; a process that gets fifty messages a second runs interpreted for minutes, and a hand-off between two
 * such processes takes about three times as long as it does later. So two threads of this process send messages to and fro
 * over rings of their own, asleep between any two, until that is behind them. Any thread.
 */
public final class Warmup {
    private static final int ROUNDS = 12_000;
    private static final int LENGTH = 64;
    private static final int TYPE = 1;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private Warmup() {
    }

    /**
     * Makes the round trips, which takes about 0.7 s on two idle cores, 1.3 s of processor time with the compilers'.
     *
     * @param timeoutNanos at most about this long, nanoseconds
     * @return whether all were made
     * @throws NoSpaceException when two rings of 64 KiB do not fit
     */
    public static boolean run(long timeoutNanos) {
        long start = System.nanoTime();
        RingConfig config = RingConfig.of(1 << 16, 1);
        try (GroupDirectory group = GroupDirectory.create("warmup." + GroupDirectory.newName(), 0)) {
            Path there = group.file("there");
            Path back = group.file("back");
            RingWriter.createFile(there, config);
            RingWriter.createFile(back, config);
            try (Side near = new Side(there, back)) {
                Thread echo;
                int round = 0;
                try (Side far = new Side(back, there)) {
                    echo = Thread.ofPlatform().daemon().name("rollcall-warmup").start(far::echo);
                    while (round < ROUNDS && near.send() && near.receive(timeoutNanos - (System.nanoTime() - start))) {
                        round++;
                    }
                }
                echo.join();
                return round == ROUNDS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** One end of both rings. */
    private static final class Side implements AutoCloseable {
        private final MemorySegment message = Arena.ofAuto().allocate(LENGTH, Long.BYTES);
        private final FrameHandler take = this::take;
        private final RingWriter out;
        private final RingReader in;

        Side(Path out, Path in) {
            this.in = RingReader.join(in, 0).waiting(WaitStrategy.sleeping());
            this.out = RingWriter.own(out).waiting(WaitStrategy.sleeping());
        }

        /** False once closed. */
        boolean send() {
            return out.offer(TYPE, message, 0, LENGTH) >= 0;
        }

        boolean receive(long timeoutNanos) {
            while (in.poll(take, 1) == 0) {
                if (!in.await(timeoutNanos)) {
                    return false;
                }
            }
            return true;
        }

        private void take(int typeId, MemorySegment buffer, long offset, long length) {
            MemorySegment.copy(buffer, offset, message, 0, length);
        }

        void echo() {
            try {
                while (receive(PATIENCE_NANOS) && send()) {
                    // on and on
                }
            } catch (RingClosedException closed) {
                // as it ends
            }
        }

        @Override
        public void close() {
            in.close();
            out.close();
        }
    }
}
