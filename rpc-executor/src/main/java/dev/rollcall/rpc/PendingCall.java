package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.agrona.DeadlineTimerWheel;
import org.jspecify.annotations.Nullable;

/**
 * One call on the driver's side.
 *
 * <h2>Who decides how a call ends</h2>
 *
 * A call is open, parked or decided, and it is decided once, by a CAS. While it is open several parties try, and none of
 * them waits for another:
 * <ul>
 * <li>the collector, when the last reply is in, when a rank's error is in, or when the deadline has passed;
 * <li>the caller, by cancelling the future or completing it in any way of its own;
 * <li>whoever fails or closes the group, sweeping the registry.
 * </ul>
 * Only the winner takes the call out of the registry, tells the board and completes the call; every other arrival is
 * counted at most.
 *
 * <p>No call slips between a failure and its sweep: a caller registers the call <em>and then</em> reads the group's
 * state, a failure sets the state <em>and then</em> sweeps the registry, once. Whichever comes second sees the other:
 * a call that is registered after the sweep finds the state set, and its caller ends it.
 *
 * <p>A call is parked, by the same CAS, when its epoch ended before any rank had received it or when it may be made
 * again: it belongs to no epoch then, so cancelling it touches no board. Opening it again in the next epoch is a CAS
 * too: it fails when somebody decided the call meanwhile.
 *
 * <p>The fields that gather replies belong to the collector of the epoch alone. User code runs on the completion
 * executor, never under a lock of ours or on the collector.
 */
abstract sealed class PendingCall implements Runnable, SentCall permits FutureCall, HandlerCall, PingCall {

    private static final VarHandle OUTCOME;
    private static final Object PARKED = new Object();

    static {
        try {
            OUTCOME = MethodHandles.lookup().findVarHandle(PendingCall.class, "outcome", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final MethodCalls calls;
    final String method;
    final CallOptions options;
    final MethodOptions policy;
    final int frameFlags;
    final long startNanos;
    final long timeoutNanos;
    final int workers;
    /** When it was decided; set before its caller is told. */
    long endNanos;
    /** Set under the issue lock before the call is registered; 0 until then. Anew in each epoch. */
    long id;
    /** Where the call is registered; set with the id. Null before it is sent first. */
    volatile @Nullable CallRegistry home;
    /** A copy of the arguments of a call that is to be sent again. */
    @Nullable
    MemorySegment kept;
    /** Where the arguments lie in the request ring, while no rank has received the call. */
    long frameArguments;
    long frameLength;

    // collector only
    private int missing;
    long timer = DeadlineTimerWheel.NULL_DEADLINE;

    private volatile @Nullable Object outcome;

    PendingCall(MethodCalls calls, CallOptions options, MethodOptions policy, int frameFlags, long timeoutNanos,
            int workers) {
        this.calls = calls;
        this.method = calls.method();
        this.options = options;
        this.policy = policy;
        this.frameFlags = frameFlags;
        this.startNanos = System.nanoTime();
        this.timeoutNanos = timeoutNanos;
        this.workers = workers;
        this.missing = options.replyRank() == CallContext.ALL_RANKS ? workers : 1;
    }

    /** A success (see {@link #result()}) or a Throwable; whether this one stands. Only while open. */
    boolean decide(Object result) {
        return OUTCOME.compareAndSet(this, null, result);
    }

    /** As {@link #decide}, while parked. */
    boolean decideParked(Object result) {
        return OUTCOME.compareAndSet(this, PARKED, result);
    }

    /** From open; whether it was. */
    boolean park() {
        return OUTCOME.compareAndSet(this, null, PARKED);
    }

    /** Back to open, for the next epoch; false when it was decided meanwhile. */
    boolean unpark() {
        return OUTCOME.compareAndSet(this, PARKED, null);
    }

    boolean isDecided() {
        Object now = outcome;
        return now != null && now != PARKED;
    }

    /** Collector: false for a second reply of one rank, or one that was not asked. The bytes are copied. */
    boolean gather(int rank, MemorySegment buffer, long offset, long length) {
        int asked = options.replyRank();
        if (hasReply(rank) || (asked != CallContext.ALL_RANKS && asked != rank)) {
            return false;
        }
        keepReply(rank, buffer, offset, length);
        missing--;
        return true;
    }

    /** Collector: the outcome when the last reply is in, null before. */
    @Nullable
    Object result() {
        return missing == 0 ? success() : null;
    }

    /** Forgets replies; no collector may be at it. */
    void rearm() {
        missing = options.replyRank() == CallContext.ALL_RANKS ? workers : 1;
        timer = DeadlineTimerWheel.NULL_DEADLINE;
        dropReplies();
    }

    abstract boolean hasReply(int rank);

    abstract void keepReply(int rank, MemorySegment buffer, long offset, long length);

    abstract void dropReplies();

    abstract Object success();

    /** Whoever decides it, at once and once; no user code. */
    void decided(Object how) {
        // most are told on the completion executor
    }

    /** Completion executor: tells the caller. */
    abstract void complete(Object how);

    @Override
    public final void run() {
        Object how = outcome;
        if (how == null || how == PARKED) {
            throw new IllegalStateException("not decided " + this);
        }
        long tookNanos = endNanos - startNanos;
        if (!(how instanceof Throwable)) {
            calls.completed(tookNanos);
        }
        CallEvents.ended(this, how, tookNanos);
        complete(how);
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

    @Override
    public String toString() {
        return "call=" + id + " method=" + method
                + (options.costClass().isEmpty() ? "" : " class=" + options.costClass())
                + (options.expected().isZero() ? "" : " expected=" + options.expected().toMillis() + " ms");
    }
}
