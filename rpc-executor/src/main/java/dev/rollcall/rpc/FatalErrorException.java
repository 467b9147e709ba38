package dev.rollcall.rpc;

import dev.rollcall.shm.RollcallException;

/** Another call met an error that takes the group down: its handler threw in a method declared so. */
public final class FatalErrorException extends RollcallException implements RetryableFailure {

    private static final long serialVersionUID = 1L;

    private final int rank;

    FatalErrorException(int rank, String type, String message, String fatalCall, String call) {
        super("fatal error rank=" + rank + " " + type + ": " + message + " in=[" + fatalCall + "] " + call);
        this.rank = rank;
    }

    /**
     * Whose handler threw.
     *
     * @return the rank
     */
    public int rank() {
        return rank;
    }
}
