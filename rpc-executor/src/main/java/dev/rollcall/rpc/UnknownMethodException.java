package dev.rollcall.rpc;

import dev.rollcall.shm.RollcallException;

/** Thrown by a {@link Worker} that was asked for a method it does not have. */
public final class UnknownMethodException extends RollcallException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the method.
     *
     * @param method as the caller wrote it
     */
    public UnknownMethodException(String method) {
        super("unknown method method=" + method);
    }
}
