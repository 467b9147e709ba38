package dev.rollcall.shm.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Sleeping and waking on a 32-bit word that processes share (never {@code FUTEX_PRIVATE}). Any thread; a virtual
 * thread must not wait here, it would pin its carrier.
 */
public final class Futex {
    private static final long WAIT = 0;
    private static final long WAKE = 1;
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final int SUB_MILLI = 10;
    /** The longest single sleep, nanoseconds: the bound a lost wake-up may cost. */
    public static final long MAX_SLEEP_NANOS = 100 * MILLI;

    /**
     * Constant timespecs: 1, 2, 4 .. 512 us, then 1, 2 .. 100 ms. Sharing constants keeps waiting free of allocation
     * and of per-thread memory. A wait of 1 ms or more rounds up to the next, so that one call lasts it out; a shorter one
     * rounds down, and its caller loops.
     */
    private static final MemorySegment TIMES = times();

    private Futex() {
    }

    /**
     * Sleeps while the word equals {@code expected}, at most about {@code nanos} and less than 1 ms longer; returns early for
     * any reason, so the caller re-checks its condition.
     *
     * @param address  native address of the word, 4-byte aligned
     * @param expected value the caller saw
     * @param nanos    upper bound, nanoseconds; clipped to {@link #MAX_SLEEP_NANOS}
     */
    public static void await(long address, int expected, long nanos) {
        if (nanos < MICRO) {
            return;
        }
        try {
            long _ = (long) Native.SYSCALL.invokeExact(
                    Native.SYS_FUTEX, address, WAIT, (long) expected, TIMES.address() + 16 * index(nanos), 0L, 0L);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Wakes everyone who sleeps on the word.
     *
     * @param address native address of the word, 4-byte aligned
     */
    public static void wakeAll(long address) {
        try {
            long _ = (long) Native.SYSCALL.invokeExact(
                    Native.SYS_FUTEX, address, WAKE, (long) Integer.MAX_VALUE, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static long index(long nanos) {
        if (nanos >= MILLI) {
            return SUB_MILLI - 1 + Math.ceilDiv(Math.min(nanos, MAX_SLEEP_NANOS), MILLI);
        }
        return 63L - Long.numberOfLeadingZeros(nanos / MICRO);
    }

    private static MemorySegment times() {
        int count = SUB_MILLI + (int) (MAX_SLEEP_NANOS / MILLI);
        MemorySegment times = Arena.global().allocate(16L * count, 8);
        for (int i = 0; i < count; i++) {
            long nanos = i < SUB_MILLI ? MICRO << i : (i - SUB_MILLI + 1) * MILLI;
            times.set(ValueLayout.JAVA_LONG, 16L * i + 8, nanos);
        }
        return times;
    }
}
