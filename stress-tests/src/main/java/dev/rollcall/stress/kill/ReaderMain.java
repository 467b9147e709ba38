package dev.rollcall.stress.kill;

import dev.rollcall.shm.RingClosedException;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.os.Linux;
import java.nio.file.Path;

/** Joins a ring and reads all messages to its end. */
public final class ReaderMain {
    static final int SLOT = 0;

    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long SLOW_NANOS = 30_000_000;
    private static final int SLOW_EVERY = 16;

    private long next;

    private ReaderMain() {
    }

    public static void main(String[] args) {
        Part.play(() -> new ReaderMain().read(Path.of(args[0])));
    }

    private void read(Path file) {
        try (RingReader reader = RingReader.join(file, SLOT)) {
            while (reader.await(PATIENCE_NANOS)) {
                int _ = reader.poll((_, buffer, offset, length) -> {
                    Messages.check(next, buffer, offset, length);
                    next++;
                }, 3);
                if (next % SLOW_EVERY == 0) {
                    Linux.nanosleep(SLOW_NANOS); // so that the writer finds the ring full
                }
            }
        } catch (RingClosedException end) {
            if (next != Messages.COUNT) {
                throw new IllegalStateException("messages are missing: read=" + next + " of=" + Messages.COUNT, end);
            }
        }
    }
}
