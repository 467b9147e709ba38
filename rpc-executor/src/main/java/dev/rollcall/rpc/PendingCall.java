package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;

import org.agrona.DeadlineTimerWheel;
import org.jspecify.annotations.Nullable;

/**
 * One call on the driver's side.
 *
 * <h2>Who decides how a call ends</h2>
 *
 * A call is open or decided, and it is decided once, by the CAS in {@link #decide}. Several parties try, and none of
 * them waits for another:
 * <ul>
 * <li>the collector, when the last reply is in, when a rank's error is in, or when the deadline has passed;
 * <li>the caller, by cancelling the future or completing it in any way of its own;
 * <li>the caller's thread inside {@code call}, when it finds the group failed or closed after registering;
 * <li>whoever fails or closes the group, sweeping the registry.
 * </ul>
 * Only the winner takes the call out of the registry, tells the board and completes the future; every other arrival is
 * counted at most.
 *
 * <p>No call slips between a failure and its sweep: a caller registers the call <em>and then</em> reads the group's
 * state, a failure sets the state <em>and then</em> sweeps until the registry is empty. Whichever comes second sees the
 * other.
 *
 * <p>The fields that gather replies belong to the collector alone. The future is completed on the caller's executor, so
 * user code never runs under a lock of ours or on the collector.
 */
final class PendingCall {

    private static final VarHandle OUTCOME;

    static {
        try {
            OUTCOME = MethodHandles.lookup().findVarHandle(PendingCall.class, "outcome", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final String method;
    final CallOptions options;
    final long startNanos;
    final long timeoutNanos;
    final CompletableFuture<CallResult> future = new CompletableFuture<>();
    /** Set under the issue lock before the call is registered; 0 until then. */
    long id;

    // collector only
    private final @Nullable MemorySegment[] replies;
    private int missing;
    long timer = DeadlineTimerWheel.NULL_DEADLINE;

    private volatile @Nullable Object outcome;

    PendingCall(String method, CallOptions options, long timeoutNanos, int workers) {
        this.method = method;
        this.options = options;
        this.startNanos = System.nanoTime();
        this.timeoutNanos = timeoutNanos;
        this.replies = new MemorySegment[workers];
        this.missing = options.replyRank() == CallContext.ALL_RANKS ? workers : 1;
    }

    /** CallResult or RuntimeException; whether this one stands. */
    boolean decide(Object result) {
        return OUTCOME.compareAndSet(this, null, result);
    }

    boolean isDecided() {
        return outcome != null;
    }

    /** Collector: false for a second reply of one rank, or one that was not asked. */
    boolean gather(int rank, MemorySegment reply) {
        int asked = options.replyRank();
        if (replies[rank] != null || (asked != CallContext.ALL_RANKS && asked != rank)) {
            return false;
        }
        replies[rank] = reply;
        missing--;
        return true;
    }

    /** Collector: non-null when the last reply is in. */
    @Nullable
    CallResult result() {
        return missing == 0 ? new CallResult(id, replies) : null;
    }

    long remainingNanos() {
        return timeoutNanos == Long.MAX_VALUE ? Long.MAX_VALUE : timeoutNanos - (System.nanoTime() - startNanos);
    }

    /** Only when {@link #hasDeadline()}. */
    long deadlineNanos() {
        return startNanos + timeoutNanos;
    }

    boolean hasDeadline() {
        return timeoutNanos != Long.MAX_VALUE;
    }

    /** Completes the future with what was decided. */
    void complete() {
        switch (outcome) {
            case CallResult result -> future.complete(result);
            case Throwable error -> future.completeExceptionally(error);
            case null, default -> throw new IllegalStateException("not decided " + this);
        }
    }

    @Override
    public String toString() {
        return "call=" + id + " method=" + method
                + (options.costClass().isEmpty() ? "" : " class=" + options.costClass());
    }
}
