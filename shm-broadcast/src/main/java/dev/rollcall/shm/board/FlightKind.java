package dev.rollcall.shm.board;

/** What a flight-recorder event says; ordinals are part of the board's layout. */
public enum FlightKind {
    /** Slot never used. */
    NONE,
    /** a = call id. */
    RECEIVED,
    /** a = call id, b = method id. */
    STARTED,
    /** a = call id. */
    FINISHED,
    /** a = call id. */
    REPLIED,
    /** a = sequence, b = communicator. */
    COLLECTIVE_ENTERED,
    /** a = sequence, b = communicator. */
    COLLECTIVE_LAUNCHED,
    /** a = sequence, b = communicator. */
    COLLECTIVE_COMPLETED,
    /** a = section sequence, b = bound in milliseconds. */
    SECTION_BEGIN,
    /** a = section sequence. */
    SECTION_END,
    /** a = phase ordinal. */
    PHASE,
    /** a = call id, b = method id, and class id shifted left by 32; driver. */
    ISSUED,
    /** a = call id; driver. */
    COMPLETED,
    /** a = call id; driver. */
    FAILED,
    /** a = call id; driver. */
    CANCELLED;

    private static final FlightKind[] BY_CODE = values();

    static FlightKind of(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : NONE;
    }

    @SuppressWarnings("EnumOrdinal") // the order is the board's numbering
    int code() {
        return ordinal();
    }
}
