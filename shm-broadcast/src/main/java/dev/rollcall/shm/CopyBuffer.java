package dev.rollcall.shm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Private memory that grows to what it was asked for and is used again. One thread. */
final class CopyBuffer {
    private static final long SMALLEST = 4096;
    private MemorySegment memory = MemorySegment.NULL;

    /** Keeps the first {@code kept} bytes. */
    MemorySegment atLeast(long bytes, long kept) {
        if (memory.byteSize() < bytes) {
            MemorySegment larger = Arena.ofAuto().allocate(Math.max(SMALLEST, bytes), 8);
            MemorySegment.copy(memory, 0, larger, 0, kept);
            memory = larger;
        }
        return memory;
    }

    MemorySegment memory() {
        return memory;
    }
}
