package dev.rollcall.rpc;

import java.util.List;

import dev.rollcall.shm.RollcallException;

/** A call's deadline passed. The group stays usable; replies that still come are counted and dropped. */
public final class CallTimeoutException extends RollcallException {

    private static final long serialVersionUID = 1L;

    private final long callId;
    private final transient List<String> ranks;
    private final transient List<Integer> missing;

    /**
     * With what each rank had done by then.
     *
     * @param message what timed out
     * @param callId  the call's number, 0 when it was never sent
     * @param ranks   one line per rank
     * @param missing ranks that were asked and had not replied
     */
    CallTimeoutException(String message, long callId, List<String> ranks, List<Integer> missing) {
        super(ranks.isEmpty() ? message : message + "\n  " + String.join("\n  ", ranks));
        this.callId = callId;
        this.ranks = List.copyOf(ranks);
        this.missing = List.copyOf(missing);
    }

    /**
     * Which call.
     *
     * @return its number, 0 when it was never sent because request ring or call window stayed full, or
     *         because the group was between two epochs
     */
    public long callId() {
        return callId;
    }

    /**
     * What each rank had done when the time was up: phase, and the last call received, started, finished and replied.
     *
     * @return one line per rank; who holds the ring, when the call was never sent
     */
    public List<String> ranks() {
        return ranks;
    }

    /**
     * Whose reply was missing.
     *
     * @return ranks, ascending; empty when the call was never sent
     */
    public List<Integer> missing() {
        return missing;
    }
}
