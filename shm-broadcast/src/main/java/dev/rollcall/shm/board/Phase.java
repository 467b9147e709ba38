package dev.rollcall.shm.board;

/** Where a process is in its life; ordinals are part of the board's layout. */
public enum Phase {
    /** Has not come yet. */
    ABSENT,
    /** Is getting ready; may take long. */
    STARTING,
    /** Serves. */
    READY,
    /** Finishes what it has and takes no more. */
    DRAINING,
    /** The group has failed; being torn down. */
    FAILED,
    /** Left in order. */
    CLOSED;

    private static final Phase[] BY_CODE = values();

    static Phase of(long word) {
        return BY_CODE[(int) Math.floorMod(word & 0xff, (long) BY_CODE.length)];
    }

    @SuppressWarnings("EnumOrdinal") // the order is the board's numbering
    int code() {
        return ordinal();
    }
}
