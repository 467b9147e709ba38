package dev.rollcall.rpc;

import java.util.concurrent.CancellationException;

import org.jspecify.annotations.Nullable;

/** What may end a call, in a group that works: each has an outcome that only it can bring about. */
enum Cause {
    /** The last reply is in. */
    REPLY(null, 100),
    /** The collector's clock. */
    TIMEOUT(CallTimeoutException.class, 1_000),
    /** The caller. */
    CANCEL(CancellationException.class, 0),
    /** A rank's handler throws. */
    EXCEPTION(RemoteCallException.class, 100),
    /** A rank's process ends. */
    DEATH(WorkerDiedException.class, 20_000),
    /** A watchdog says that a rank hangs. */
    VERDICT(WorkerHungException.class, 100),
    /** The owner wishes for a new epoch. */
    RESTART(GroupRestartedException.class, 0),
    /** The owner wishes for an end. */
    CLOSE(GroupClosedException.class, 0);

    private final @Nullable Class<? extends Throwable> outcome;
    /** About how long it takes from there until it decides a call, so that two of them meet. */
    final long delayNanos;

    Cause(@Nullable Class<? extends Throwable> outcome, long delayMicros) {
        this.outcome = outcome;
        this.delayNanos = delayMicros * 1_000;
    }

    /** Whether this is what it leads to; null is success. */
    boolean explains(@Nullable Throwable error) {
        return outcome == null ? error == null : outcome.isInstance(error);
    }

    /** Whether the epoch fails of it. */
    boolean isFailure() {
        return this == DEATH || this == VERDICT;
    }

    /** Whether the epoch does not outlive it. */
    boolean endsEpoch() {
        return isFailure() || this == RESTART || this == CLOSE;
    }
}
