package dev.rollcall.tools.bench;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** The writing end of a ring, copying in and waiting for space as the mode says. One thread; nothing is allocated per message. */
final class Sender implements AutoCloseable {
    static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final int TYPE = 1;
    private static final int LOOKS = 10_000;
    private final RingWriter writer;
    private final WaitMode mode;
    private final int looks;

    private Sender(RingWriter writer, WaitMode mode) {
        this.writer = writer.waiting(mode.strategy());
        this.mode = mode;
        this.looks = mode.sleeps() ? 1 : LOOKS;
    }

    static Sender create(Path file, RingConfig config, WaitMode mode) {
        return new Sender(RingWriter.create(file, config), mode);
    }

    static Sender own(Path file, WaitMode mode) {
        return new Sender(RingWriter.own(file), mode);
    }

    void awaitReaders(int count) {
        if (!writer.awaitReaders(count, PATIENCE_NANOS)) {
            throw new IllegalStateException("readers did not join: lags=" + writer.lags());
        }
    }

    /** What is sent until it is closed wakes readers once. */
    RingWriter.Batch batch() {
        return writer.batch();
    }

    void send(MemorySegment message, long length) {
        for (int i = looks; i > 0; i--) {
            if (writer.offer(TYPE, message, 0, length) >= 0) {
                return;
            }
            if (!mode.sleeps()) {
                mode.pause();
            }
        }
        writer.write(TYPE, message, 0, length, PATIENCE_NANOS); // waits as the mode says, and not for the dead
    }

    @Override
    public void close() {
        writer.close();
    }
}
