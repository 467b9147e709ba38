package dev.rollcall.shm;

/** The life of a reader slot; numbers are those in the file. Every state but FREE, LEFT and EVICTED holds the writer back. */
public enum ReaderState {
    /** Nobody has ever joined here. */
    FREE,
    /** A reader is here. */
    ACTIVE,
    /** The reader left in order. */
    LEFT,
    /** The writer took the slot away. */
    EVICTED,
    /** A reader is about to be here, and does not know yet where it begins. */
    JOINING;

    private static final ReaderState[] BY_CODE = values();

    static ReaderState of(long word) {
        int code = (int) (word & 0xff);
        return code < BY_CODE.length ? BY_CODE[code] : ACTIVE; // an unknown state of a later minor version holds back
    }

    static long generation(long word) {
        return word >>> 8;
    }

    @SuppressWarnings("EnumOrdinal") // the order is the file's numbering
    private int code() {
        return ordinal();
    }

    long word(long generation) {
        return (generation << 8) | code();
    }

    boolean holdsBack() {
        return this == ACTIVE || this == JOINING;
    }
}
