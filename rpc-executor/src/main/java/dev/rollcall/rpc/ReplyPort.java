package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.FrameHandler;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RollcallException;

/**
 * The driver's end of one rank's reply ring: checks what the rank wrote. One thread at a time: the
 * one that starts the group, then the collector.
 */
final class ReplyPort implements AutoCloseable {

    private static final int BATCH = 16;

    /** What comes in. */
    interface Sink {

        /** In place. */
        void reply(int rank, long callId, MemorySegment buffer, long offset, long length);

        /** callId 0: the rank could not start. endsNow: it does not go on after this. */
        void error(int rank, long callId, boolean endsNow, String type, String message, String stack);

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
            case CallLayout.REPLY -> sink().reply(rank, callId, buffer, offset + CallLayout.REPLY_HEADER,
                    length - CallLayout.REPLY_HEADER);
            case CallLayout.ERROR -> {
                String[] texts = CallLayout.errorTexts(buffer, offset, length);
                if (texts == null) {
                    garbage(type, length);
                } else {
                    sink().error(rank, callId, (CallLayout.replyFlags(buffer, offset) & CallLayout.FATAL) != 0,
                            texts[0],
                            texts[1], texts[2]);
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

    @Override
    public void close() {
        reader.close();
    }
}
