package dev.rollcall.shm;

/** The file system cannot hold a new segment; the message carries needed, free and path. Raised before anything is mapped. */
public final class NoSpaceException extends RollcallException {
    private static final long serialVersionUID = 1L;

    /**
     * With all that is known.
     *
     * @param message what happened, with {@code name=value} pairs
     */
    public NoSpaceException(String message) {
        super(message);
    }
}
