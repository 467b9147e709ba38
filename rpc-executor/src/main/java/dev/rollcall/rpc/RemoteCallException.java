package dev.rollcall.rpc;

import dev.rollcall.shm.RollcallException;

/** The handler of some rank threw. The other ranks' replies to this call are dropped; the group stays usable. */
public final class RemoteCallException extends RollcallException {

    private static final long serialVersionUID = 1L;

    private final int rank;
    private final String remoteType;
    private final String remoteMessage;
    private final String remoteStack;

    RemoteCallException(int rank, String type, String message, String stack, String call) {
        super("rank=" + rank + " threw " + type + ": " + message + " " + call);
        this.rank = rank;
        this.remoteType = type;
        this.remoteMessage = message;
        this.remoteStack = stack;
    }

    /**
     * Whose handler threw.
     *
     * @return the rank, also when it was not asked to reply
     */
    public int rank() {
        return rank;
    }

    /**
     * The class of what it threw.
     *
     * @return a class name of the worker
     */
    public String remoteType() {
        return remoteType;
    }

    /**
     * The message of what it threw.
     *
     * @return empty when it had none
     */
    public String remoteMessage() {
        return remoteMessage;
    }

    /**
     * The stack on the worker, causes included.
     *
     * @return text as {@link Throwable#printStackTrace()} has it, cut at 12 000 bytes
     */
    public String remoteStack() {
        return remoteStack;
    }
}
