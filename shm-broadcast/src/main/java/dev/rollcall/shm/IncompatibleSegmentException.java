package dev.rollcall.shm;

/** The file is not a segment of this version, length or owner; the message carries found and expected. */
public final class IncompatibleSegmentException extends RollcallException {
    private static final long serialVersionUID = 1L;

    /**
     * With all that is known.
     *
     * @param message what happened, with {@code name=value} pairs
     */
    public IncompatibleSegmentException(String message) {
        super(message);
    }
}
