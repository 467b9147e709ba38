package dev.rollcall.shm;

/** The unchecked root of every error Rollcall raises. Messages carry {@code name=value} pairs. */
public class RollcallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message what happened, with {@code name=value} pairs
     */
    public RollcallException(String message) {
        super(message);
    }

    /**
     * An error with its cause.
     *
     * @param message what happened, with {@code name=value} pairs
     * @param cause   what led to it
     */
    public RollcallException(String message, Throwable cause) {
        super(message, cause);
    }
}
