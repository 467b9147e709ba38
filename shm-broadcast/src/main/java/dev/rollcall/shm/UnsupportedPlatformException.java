package dev.rollcall.shm;

/** This machine lacks something Rollcall cannot do without; the message says what. */
public final class UnsupportedPlatformException extends RollcallException {
    private static final long serialVersionUID = 1L;

    /**
     * With all that is known.
     *
     * @param message what happened, with {@code name=value} pairs
     */
    public UnsupportedPlatformException(String message) {
        super(message);
    }
}
