package dev.rollcall.shm;

/** The writer took this reader's slot away; frames after the last one handled are lost to it. */
public final class ReaderEvictedException extends RollcallException {
    private static final long serialVersionUID = 1L;

    /**
     * With all that is known.
     *
     * @param message what happened, with {@code name=value} pairs
     */
    public ReaderEvictedException(String message) {
        super(message);
    }
}
