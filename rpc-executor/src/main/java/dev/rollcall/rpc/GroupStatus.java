package dev.rollcall.rpc;

import org.jspecify.annotations.Nullable;

import dev.rollcall.rpc.CollectiveExecutor.State;

/**
 * Whether a group takes calls, and if not, why. Any thread. The state only moves forward, and the cause of the first
 * move away from READY stays: who sees the state changed sees the cause.
 */
final class GroupStatus {

    private volatile State state = State.STARTING;
    private volatile @Nullable FailureCause cause;

    State state() {
        return state;
    }

    /** Null while calls are taken. */
    @Nullable
    FailureCause refusal() {
        return state == State.READY ? null : cause;
    }

    synchronized void ready() {
        if (state == State.STARTING) {
            state = State.READY;
        }
    }

    /** Whether this was the failure that counts. */
    synchronized boolean fail(FailureCause why) {
        if (state == State.FAILED || state == State.CLOSED) {
            return false;
        }
        cause = why;
        state = State.FAILED;
        return true;
    }

    /** Returns the state before. A failed group keeps its cause: late callers want to hear that. */
    synchronized State close(FailureCause why) {
        State before = state;
        if (cause == null) {
            cause = why;
        }
        state = State.CLOSED;
        return before;
    }
}
