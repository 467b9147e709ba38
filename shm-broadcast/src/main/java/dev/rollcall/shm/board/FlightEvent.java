package dev.rollcall.shm.board;

/**
 * One event of a flight recorder.
 *
 * @param sequence counts from 1 per recorder
 * @param nanoTime the recording process's own clock; only differences within one recorder mean something
 * @param kind     what happened
 * @param a        see the kind
 * @param b        see the kind
 */
public record FlightEvent(long sequence, long nanoTime, FlightKind kind, long a, long b) {
    static final int CLASS_SHIFT = 32;

    /**
     * Of a call that was issued or started.
     *
     * @return its interned method
     */
    public int methodId() {
        return (int) b;
    }

    /**
     * Of a call that was issued.
     *
     * @return its interned cost class, 0 for none
     */
    public int classId() {
        return (int) (b >> CLASS_SHIFT);
    }
}
