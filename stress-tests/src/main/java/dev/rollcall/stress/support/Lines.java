package dev.rollcall.stress.support;

import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.Words;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A page of shared memory mapped twice, as two processes have it: what one side stores through {@link #here} the other loads
 * through {@link #there}, at another address.
 */
public final class Lines {
    private static final long BYTES = 4096;
    /** What a state may use; more would make states slow to set up. */
    private static final long[] USED = {0, 128, 256, 384, 512};

    public final MemorySegment here;
    public final MemorySegment there;

    private Lines(MemorySegment here, MemorySegment there) {
        this.here = here;
        this.there = there;
    }

    /** Mapped until the process ends. */
    public static Lines map() {
        Path file = Scratch.newFile();
        MemorySegment here = SharedFile.create(file, BYTES).memory();
        MemorySegment there = SharedFile.open(file, false).memory();
        Scratch.unlink(file);
        return new Lines(here, there);
    }

    /** Zeroes the first 16 bytes of each used line. */
    public Lines clear() {
        for (long at : USED) {
            Words.longOpaque(here, at, 0L);
            Words.longOpaque(here, at + 8, 0L);
        }
        return this;
    }
}
