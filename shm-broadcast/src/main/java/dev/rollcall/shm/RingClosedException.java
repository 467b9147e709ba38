package dev.rollcall.shm;

import org.jspecify.annotations.Nullable;

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

    /**
     * As seen from an end that was closed here, perhaps while it was at work.
     *
     * @param message what happened, with {@code name=value} pairs
     * @param cause   how that was noticed, null when it was looked up
     */
    RingClosedException(String message, @Nullable Throwable cause) {
        super(message);
        if (cause != null) {
            var _ = initCause(cause);
        }
    }
}
