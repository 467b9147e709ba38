package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;

/** Sees one frame and says how to go on. Called on the reader's thread. */
@FunctionalInterface
public interface ControlledFrameHandler {
    /** What becomes of the frame and of the batch. */
    enum Action {
        /** The frame stays unread and is handed out again by the next poll; the batch ends before it. */
        ABORT,
        /** The frame is read; the batch ends after it. */
        BREAK,
        /** The frame is read, its space freed at once; the batch goes on. */
        COMMIT,
        /** The frame is read; the batch goes on and frees its space at the end. */
        CONTINUE
    }

    /**
     * One frame.
     *
     * @param typeId as the writer gave it, 0 to 2^24 - 1
     * @param buffer where the message lies, valid during this call only
     * @param offset of the payload in {@code buffer}, bytes, a multiple of 8
     * @param length of the payload, bytes, may be 0
     * @return how to go on
     */
    Action onFrame(int typeId, MemorySegment buffer, long offset, long length);
}
