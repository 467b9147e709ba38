package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Ordered access to shared words; the order is in the name. All offsets are {@code long}: the handles are exact, an
 * {@code int} offset would silently cost ten times as much. Any thread.
 */
public final class Words {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private Words() {
    }

    /**
     * Acquire load of 64 bits.
     *
     * @param m  memory
     * @param at offset, bytes, 8-aligned
     * @return the value
     */
    public static long longAcquire(MemorySegment m, long at) {
        return (long) LONG.getAcquire(m, at);
    }

    /**
     * Opaque load of 64 bits: never torn, never cached, not ordered.
     *
     * @param m  memory
     * @param at offset, bytes, 8-aligned
     * @return the value
     */
    public static long longOpaque(MemorySegment m, long at) {
        return (long) LONG.getOpaque(m, at);
    }

    /**
     * Release store of 64 bits.
     *
     * @param m     memory
     * @param at    offset, bytes, 8-aligned
     * @param value the value
     */
    public static void longRelease(MemorySegment m, long at, long value) {
        LONG.setRelease(m, at, value);
    }

    /**
     * Opaque store of 64 bits.
     *
     * @param m     memory
     * @param at    offset, bytes, 8-aligned
     * @param value the value
     */
    public static void longOpaque(MemorySegment m, long at, long value) {
        LONG.setOpaque(m, at, value);
    }

    /**
     * Volatile compare-and-set of 64 bits.
     *
     * @param m        memory
     * @param at       offset, bytes, 8-aligned
     * @param expected expected value
     * @param value    new value
     * @return whether it was stored
     */
    public static boolean longCas(MemorySegment m, long at, long expected, long value) {
        return LONG.compareAndSet(m, at, expected, value);
    }

    /**
     * Acquire load of 32 bits.
     *
     * @param m  memory
     * @param at offset, bytes, 4-aligned
     * @return the value
     */
    public static int intAcquire(MemorySegment m, long at) {
        return (int) INT.getAcquire(m, at);
    }

    /**
     * Opaque load of 32 bits.
     *
     * @param m  memory
     * @param at offset, bytes, 4-aligned
     * @return the value
     */
    public static int intOpaque(MemorySegment m, long at) {
        return (int) INT.getOpaque(m, at);
    }

    /**
     * Opaque store of 32 bits.
     *
     * @param m     memory
     * @param at    offset, bytes, 4-aligned
     * @param value the value
     */
    public static void intOpaque(MemorySegment m, long at, int value) {
        INT.setOpaque(m, at, value);
    }

    /**
     * Release store of 32 bits.
     *
     * @param m     memory
     * @param at    offset, bytes, 4-aligned
     * @param value the value
     */
    public static void intRelease(MemorySegment m, long at, int value) {
        INT.setRelease(m, at, value);
    }

    /**
     * Volatile add to 32 bits.
     *
     * @param m     memory
     * @param at    offset, bytes, 4-aligned
     * @param delta what to add
     * @return the value before
     */
    public static int intGetAndAdd(MemorySegment m, long at, int delta) {
        return (int) INT.getAndAdd(m, at, delta);
    }
}
