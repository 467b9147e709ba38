package dev.rollcall.shm;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** A write's deadline passed before the slowest readers made room; readers see nothing of that message. */
public final class RingFullException extends RollcallException {
    private static final long serialVersionUID = 1L;
    private final transient List<ReaderLag> holders;
    private final transient List<Duration> still;

    RingFullException(long needed, long waitedNanos, List<ReaderLag> holders, ToLongFunction<ReaderLag> stillNanos) {
        super("ring is full: neededBytes=" + needed + " waitedMs=" + waitedNanos / 1_000_000 + " heldBy="
                + holders.stream()
                        .map(lag -> lag + " stillMs=" + stillNanos.applyAsLong(lag) / 1_000_000)
                        .collect(Collectors.joining("; ", "[", "]")));
        this.holders = List.copyOf(holders);
        this.still = holders.stream().map(lag -> Duration.ofNanos(stillNanos.applyAsLong(lag))).toList();
    }

    /**
     * Who held the space.
     *
     * @return the active readers, slowest first
     */
    public List<ReaderLag> holders() {
        return holders;
    }

    /**
     * For how long each of them has not moved, as far as this writer has looked: it looks only while it waits.
     *
     * @return in the order of {@link #holders()}
     */
    public List<Duration> standingStill() {
        return still;
    }
}
