package dev.rollcall.rpc;

import dev.rollcall.shm.RollcallException;

/** The group was restarted while the call was in flight. */
public final class GroupRestartedException extends RollcallException implements RetryableFailure {

    private static final long serialVersionUID = 1L;

    GroupRestartedException(String message) {
        super(message);
    }
}
