package dev.rollcall.shm;

/** The ring was closed by its writer, or its writer died; what was published before has been read. */
public final class RingClosedException extends RollcallException {
    private static final long serialVersionUID = 1L;

    /**
     * With all that is known.
     *
     * @param message what happened, with {@code name=value} pairs
     */
    public RingClosedException(String message) {
        super(message);
    }
}
