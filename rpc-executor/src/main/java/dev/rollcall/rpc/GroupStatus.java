package dev.rollcall.rpc;

import org.jspecify.annotations.Nullable;

/**
 * Whether an epoch takes calls, and if not, why. Any thread. The cause of the first move away from ready stays: who sees
 * that calls are refused sees the cause.
 */
final class GroupStatus {

    private boolean ready;
    private volatile @Nullable FailureCause cause;

    /** Null while calls are taken; also before the epoch is ready, when nobody knows it yet. */
    @Nullable
    FailureCause refusal() {
        return cause;
    }

    synchronized void ready() {
        ready = true;
    }

    /** Whether this was the failure that counts: the first, of an epoch that was ready. */
    synchronized boolean fail(FailureCause why) {
        if (!ready || cause != null) {
            return false;
        }
        cause = why;
        return true;
    }
}
