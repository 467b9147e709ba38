package dev.rollcall.shm;

/** Somebody else owns what was asked for: a second writer, a taken reader slot, a living group of that name. */
public final class SegmentInUseException extends RollcallException {
    private static final long serialVersionUID = 1L;

    /**
     * With all that is known.
     *
     * @param message what happened, with {@code name=value} pairs
     */
    public SegmentInUseException(String message) {
        super(message);
    }
}
