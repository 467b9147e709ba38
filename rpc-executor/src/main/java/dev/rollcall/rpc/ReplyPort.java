package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.FrameHandler;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RollcallException;

/**
 * The driver's end of one rank's reply ring: checks what the rank wrote and copies it out. One thread at a time: the
 * one that starts the group, then the collector.
 */
final class ReplyPort implements AutoCloseable {

    private static final int BATCH = 16;
    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);

    /** What comes in. */
    interface Sink {

        void reply(int rank, long callId, MemorySegment payload);

        /** callId 0: the rank could not start. */
        void error(int rank, long callId, String type, String message, String stack);

        /** The rank wrote what no rank may write; nothing more is read from it. */
        void garbage(int rank, String what);
    }

    private final int rank;
    private final RingReader reader;
    private final FrameHandler frames = this::onFrame;
    private @Nullable Sink sink;
    private boolean broken;

    ReplyPort(int rank, Path file) {
        this.rank = rank;
        this.reader = RingReader.join(file, 0);
    }

    /** Before the first {@link #poll()}; may change hands. */
    void sink(Sink next) {
        sink = next;
    }

    /** Frames read. */
    int poll() {
        if (broken) {
            return 0;
        }
        try {
            return reader.poll(frames, BATCH);
        } catch (RollcallException e) {
            broken = true;
            sink().garbage(rank, "reply ring broken: " + e.getMessage());
            return 1;
        }
    }

    private void onFrame(int type, MemorySegment buffer, long offset, long length) {
        if (broken) {
            return;
        }
        if (length < CallLayout.REPLY_HEADER || CallLayout.rank(buffer, offset) != rank) {
            garbage(type, length);
            return;
        }
        long callId = CallLayout.callId(buffer, offset);
        switch (type) {
            case CallLayout.REPLY -> sink().reply(rank, callId, copy(buffer, offset, length));
            case CallLayout.ERROR -> {
                String[] texts = CallLayout.errorTexts(buffer, offset, length);
                if (texts == null) {
                    garbage(type, length);
                } else {
                    sink().error(rank, callId, texts[0], texts[1], texts[2]);
                }
            }
            default -> garbage(type, length);
        }
    }

    private void garbage(int type, long length) {
        broken = true;
        sink().garbage(rank, "malformed reply type=" + type + " length=" + length);
    }

    private Sink sink() {
        return Objects.requireNonNull(sink, "sink");
    }

    private static MemorySegment copy(MemorySegment buffer, long offset, long length) {
        int bytes = Math.toIntExact(length - CallLayout.REPLY_HEADER);
        if (bytes == 0) {
            return EMPTY;
        }
        byte[] copy = new byte[bytes];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, offset + CallLayout.REPLY_HEADER, copy, 0, bytes);
        return MemorySegment.ofArray(copy);
    }

    @Override
    public void close() {
        reader.close();
    }
}
