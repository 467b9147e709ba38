package dev.rollcall.rpc;

import dev.rollcall.shm.RollcallException;

/** The group was closed before the call was answered, or before it was made. */
public final class GroupClosedException extends RollcallException {

    private static final long serialVersionUID = 1L;

    GroupClosedException(String message) {
        super(message);
    }
}
