package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;

/** Sees one frame in place. Called on the reader's thread. */
@FunctionalInterface
public interface FrameHandler {
    /**
     * One frame.
     *
     * @param typeId as the writer gave it, 0 to 2^24 - 1
     * @param buffer the ring's memory; the frame is contiguous and valid during this call only
     * @param offset of the payload in {@code buffer}, bytes, a multiple of 8
     * @param length of the payload, bytes, may be 0
     */
    void onFrame(int typeId, MemorySegment buffer, long offset, long length);
}
