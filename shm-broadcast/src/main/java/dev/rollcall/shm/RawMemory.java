package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Memory by its address, unchecked: an access to unmapped memory ends the JVM. Only under a {@link CloseGuard}, only at addresses
 * that were computed from a checked header.
 *
 * <p>An access through the segment of all memory is still checked, for bounds and for alignment, in some five instructions.
 * Both checks fold away where the compiler can see that they hold: an address that passed a mask without the highest bits, which
 * no address of a process has, and the lowest three is within bounds and aligned.
 */
final class RawMemory {
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle WORD = ValueLayout.JAVA_LONG_UNALIGNED.varHandle().withInvokeExactBehavior();
    private static final long USER_SPACE = (1L << 62) - 1;
    private static final long ALIGNED = USER_SPACE & -8L;
    private static final long WORD_BYTES = Long.BYTES;
    private static final long WORD_BY_WORD = 128;
    private static final Thread NOBODY =
            Thread.ofVirtual().name("nobody").inheritInheritableThreadLocals(false).unstarted(() -> {
            });

    private RawMemory() {
    }

    static long longAcquire(long address) {
        return (long) LONG.getAcquire(ALL, address & ALIGNED);
    }

    static void longOpaque(long address, long value) {
        LONG.setOpaque(ALL, address & ALIGNED, value);
    }

    static void longRelease(long address, long value) {
        LONG.setRelease(ALL, address & ALIGNED, value);
    }

    /** Whether {@link #copyShort} may copy that: within bounds, short, and of an arena that nobody but this thread could close. */
    static boolean isShort(MemorySegment source, long offset, long length) {
        return length >= WORD_BYTES && length < WORD_BY_WORD && offset >= 0 && offset <= source.byteSize() - length
                && isOnlyOurs(source);
    }

    /**
     * Copies a short source, word by word: the library's copy loads 32 bytes at a time, which the processor cannot serve from the
     * stores of a moment ago, so that a message just written would wait until they have left for the cache, behind every store
     * to the ring before them.
     *
     * @param stride 8, as a value that the compiler does not know: one it knew would have it join the words to 32 bytes again
     */
    static void copyShort(MemorySegment source, long offset, long to, long length, long stride) {
        long from = source.address() + offset;
        long distance = to - from;
        long last = from + length - WORD_BYTES;
        for (long at = from; at < last; at += stride) {
            copyWord(at, at + distance);
        }
        copyWord(last, last + distance); // may overlap the one before
    }

    /** Whether nobody but this thread could free it meanwhile: it is confined to it, and not left to the garbage collector. */
    private static boolean isOnlyOurs(MemorySegment source) {
        return source.isNative() && source.isAccessibleBy(Thread.currentThread()) && !source.isAccessibleBy(NOBODY)
                && source.scope().isAlive();
    }

    private static void copyWord(long from, long to) {
        WORD.set(ALL, to & USER_SPACE, (long) WORD.get(ALL, from & USER_SPACE));
    }
}
