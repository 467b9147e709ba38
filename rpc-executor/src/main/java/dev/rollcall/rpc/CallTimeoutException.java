package dev.rollcall.rpc;

import java.util.List;

import dev.rollcall.shm.RollcallException;

/** A call's deadline passed. The group stays usable; replies that still come are counted and dropped. */
public final class CallTimeoutException extends RollcallException {

    private static final long serialVersionUID = 1L;

    private final long callId;
    private final transient List<String> ranks;

    /**
     * With what each rank had done by then.
     *
     * @param message what timed out
     * @param callId  the call's number, 0 when it was never sent
     * @param ranks   one line per rank
     */
    CallTimeoutException(String message, long callId, List<String> ranks) {
        super(ranks.isEmpty() ? message : message + "\n  " + String.join("\n  ", ranks));
        this.callId = callId;
        this.ranks = List.copyOf(ranks);
    }

    /**
     * Which call.
     *
     * @return its number, 0 when it was never sent because the request ring stayed full
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
}
