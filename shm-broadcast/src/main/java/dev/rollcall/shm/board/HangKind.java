package dev.rollcall.shm.board;

import dev.rollcall.shm.IncompatibleSegmentException;

/** What is wrong with a rank, the driver or the watchdog itself. Codes are part of the board's layout. */
public enum HangKind {
    /** The process has ended. */
    DEAD(1),
    /** The process is stopped (state T) while it owes work or a tick. */
    STOPPED(2),
    /** The loop thread computes in one call past its limit. */
    SPINNING(3),
    /** The loop thread sleeps in one call past its limit, outside any collective that others wait for. */
    BLOCKED(4),
    /** Others entered collective n; this rank is at n - 1 and neither computes nor does device or file I/O. */
    MISSING_FROM_COLLECTIVE(5),
    /** The driver's collector is silent, seen from outside it. */
    DRIVER_HUNG(6),
    /** Runnable but given no processor: nobody's fault here. */
    STARVED(7),
    /** Held by a debugger: a person is at work. */
    TRACED(8),
    /** The watchdog itself was late; it convicts nobody in that window. */
    SELF_STALLED(9),
    /** Ranks are in the same collective with another operation, count or element type. */
    COLLECTIVE_MISMATCH(10),
    /** Answered as the rank says, the reply ring is read, and yet the driver waits. */
    REPLY_LOST(11),
    /** The request ring holds a call for this rank, its loop ticks, and it does not take the call. */
    REQUEST_UNSEEN(12),
    /** Outside any call the loop has ceased to tick while the process lives: its thread has ended or hangs. */
    LOOP_LOST(13),
    /** Past its limit in a kernel wait that no signal ends (state D): killing may not work at once. */
    UNINTERRUPTIBLE(14),
    /** All ranks have entered the same collective and none completes: device or link, no rank is blamed. */
    COLLECTIVE_STUCK(15),
    /** Loop and pulse are silent, neither stopped nor traced nor frozen: garbage collection, safepoint. */
    PAUSED_VM(16),
    /** The others wait for this rank in nearly every call, each below its limit: said, never acted on. */
    STRAGGLER(17),
    /** The loop thread is in a cycle of Java locks or waits behind one: it cannot end by itself. */
    DEADLOCKED(18),
    /** Its control group is frozen: done to it from outside, nobody is blamed. */
    PAUSED_CGROUP(19);

    private static final HangKind[] BY_CODE = new HangKind[32];

    static {
        for (HangKind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final int code;

    HangKind(int code) {
        this.code = code;
    }

    /**
     * The number on the board.
     *
     * @return stable code
     */
    public int code() {
        return code;
    }

    static HangKind of(int code) {
        HangKind kind = code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        if (kind == null) {
            throw new IncompatibleSegmentException("unknown kind on the board: code=" + code);
        }
        return kind;
    }
}
