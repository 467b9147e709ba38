package dev.rollcall.tools.bench;

import dev.rollcall.shm.FrameHandler;
import dev.rollcall.shm.RingClosedException;
import dev.rollcall.shm.RingReader;
import java.nio.file.Path;

/** A reading end of a ring, waiting as the mode says. One thread; nothing is allocated per message. */
final class Receiver implements AutoCloseable {
    /** Long, as each wait that ends in vain looks whether the writer lives; one under way looks by itself, seldomer. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int MOST_AT_ONCE = 256;
    private static final int LOOKS = 1 << 20;
    private final RingReader reader;
    private final WaitMode mode;
    private final FrameHandler handler;
    private final int limit;

    /** The writer gets the space of a batch back at its end: an eighth of the ring at most, or it would stand still meanwhile. */
    Receiver(Path file, int slot, BenchSettings settings, FrameHandler handler) {
        this.reader = RingReader.join(file, slot).waiting(settings.mode().strategy());
        this.mode = settings.mode();
        this.handler = handler;
        this.limit = Math.clamp(settings.capacity() / 8 / settings.size(), 1, MOST_AT_ONCE);
    }

    /** Hands out what is there, waiting for at least one frame; RingClosedException when none will come any more. */
    void receive() {
        if (mode.sleeps()) {
            while (reader.poll(handler, limit) == 0) {
                reader.await(PATIENCE_NANOS);
            }
        } else {
            while (!poll()) {
                if (!reader.isConnected() && reader.poll(handler, limit) == 0) {
                    throw new RingClosedException("the writer has gone: position=" + reader.position());
                }
            }
        }
    }

    private boolean poll() {
        for (int i = LOOKS; i > 0; i--) {
            if (reader.poll(handler, limit) > 0) {
                return true;
            }
            mode.pause();
        }
        return false;
    }

    @Override
    public void close() {
        reader.close();
    }
}
