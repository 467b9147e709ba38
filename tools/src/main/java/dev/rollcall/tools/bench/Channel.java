package dev.rollcall.tools.bench;

import dev.rollcall.shm.FrameHandler;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import java.lang.foreign.MemorySegment;

/** Sending and receiving the way the mode says. One thread per side. */
final class Channel {
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long SLICE_NANOS = 100_000_000;
    private static final int BATCH = 64;

    private Channel() {
    }

    static void send(RingWriter writer, WaitMode mode, MemorySegment message, long length) {
        if (mode.sleeps()) {
            writer.write(1, message, 0, length, PATIENCE_NANOS);
            return;
        }
        while (writer.offer(1, message, 0, length) < 0) {
            pause(mode);
        }
    }

    /** Hands out what is there, waiting for at least one frame. */
    static void receive(RingReader reader, WaitMode mode, FrameHandler handler) {
        while (reader.poll(handler, BATCH) == 0) {
            if (!mode.sleeps()) {
                pause(mode);
            } else if (!reader.await(SLICE_NANOS)) {
                Thread.onSpinWait(); // idle: look again
            }
        }
    }

    private static void pause(WaitMode mode) {
        if (mode == WaitMode.SPIN) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
