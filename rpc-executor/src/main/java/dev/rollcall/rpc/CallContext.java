package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;

/**
 * One call, as the rank sees it. Loop thread only, except {@link #isCancelled()}; one object is reused for all calls,
 * so keep no reference to it or to its memory beyond {@link Worker#call}.
 */
public interface CallContext {

    /** {@link #replyRank()} of a call that every rank answers. */
    int ALL_RANKS = -1;

    /** How late {@link #onCancel} may be on an idle machine, milliseconds. */
    int RELEASE_MILLIS = 5;

    /**
     * The call's number.
     *
     * @return 1, 2, 3... in the order in which every rank sees the calls
     */
    long callId();

    /**
     * What is asked.
     *
     * @return the method's name
     */
    String method();

    /**
     * The cost class the caller declared.
     *
     * @return a name, or the empty string for undeclared
     */
    String costClass();

    /**
     * Who is to reply.
     *
     * @return a rank, or {@link #ALL_RANKS}
     */
    int replyRank();

    /**
     * The arguments, in place. Makes two small objects; {@link #buffer()} with {@link #offset()} and {@link #length()}
     * makes none.
     *
     * @return a read-only view that is valid until the handler returns
     */
    MemorySegment arguments();

    /**
     * The memory that holds the arguments. Other ranks read the same bytes: do not write.
     *
     * @return the segment {@link #offset()} points into
     */
    MemorySegment buffer();

    /**
     * Where the arguments begin in {@link #buffer()}.
     *
     * @return bytes
     */
    long offset();

    /**
     * How long the arguments are.
     *
     * @return bytes
     */
    long length();

    /**
     * How long the caller still waits.
     *
     * @return nanoseconds; zero or less when nobody waits any more; {@link Long#MAX_VALUE} when it waits for ever
     */
    long remainingNanos();

    /**
     * How long the caller expects this call to take.
     *
     * @return nanoseconds, 0 for undeclared
     */
    long expectedNanos();

    /**
     * The trace the caller is in. Makes a string.
     *
     * @return the W3C header traceparent, or the empty string
     */
    String traceparent();

    /**
     * What vendors added to the trace. Makes a string.
     *
     * @return the W3C header tracestate, or the empty string
     */
    String tracestate();

    /**
     * Whether the work is no longer wanted: the call timed out or was cancelled, or this process was told to stop. A
     * few nanoseconds; a long computation should look every millisecond. Any thread of the worker.
     *
     * @return true when the handler may give up by any exception
     */
    boolean isCancelled();

    /**
     * For a handler about to wait where it cannot look at {@link #isCancelled()}, in a collective for instance: what sets it
     * free when the call has ended without it, because another rank threw, its time was up or its caller gave up, or when
     * this process is told to stop. Aborting the communicator is the usual way. Runs at most once, within some
     * {@value #RELEASE_MILLIS} ms of the call's end, on a thread of its own; the next call is not taken before it has
     * returned, so it must not wait for {@link Worker#call} to return. Holds until the handler returns or says otherwise.
     * Makes an object or two.
     *
     * @param release any thread must be able to run it; what it throws is printed
     * @throws IllegalStateException on another thread than the handler's
     */
    void onCancel(Runnable release);
}
