package dev.rollcall.shm;

import java.util.List;
import java.util.stream.Collectors;

/** A write's deadline passed before the slowest readers made room; nothing was written. */
public final class RingFullException extends RollcallException {
    private static final long serialVersionUID = 1L;
    private final transient List<ReaderLag> holders;

    RingFullException(long needed, long waitedNanos, List<ReaderLag> holders) {
        super("ring is full: neededBytes=" + needed + " waitedMs=" + waitedNanos / 1_000_000 + " heldBy="
                + holders.stream().map(ReaderLag::toString).collect(Collectors.joining("; ", "[", "]")));
        this.holders = List.copyOf(holders);
    }

    /**
     * Who held the space.
     *
     * @return the active readers, slowest first
     */
    public List<ReaderLag> holders() {
        return holders;
    }
}
