package dev.rollcall.rpc;

import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * How a call is made. Immutable; start at {@link #allRanks()} or {@link #fromRank(int)}.
 *
 * @param replyRank who replies: a rank, or {@link CallContext#ALL_RANKS}. Every rank works on the call all the same
 * @param timeout   how long the caller waits, from the moment it calls; null for the method's or the group's default
 * @param costClass calls of one method that differ in cost belong in classes of their own ("decode", "prefill"): the
 *                  watchdog learns a limit for each; the empty string for undeclared
 * @param expected  how long the call should take; {@link Duration#ZERO} for undeclared
 * @param trace     W3C trace context: traceparent, or traceparent, line feed and tracestate; the empty string for none
 */
public record CallOptions(int replyRank, @Nullable Duration timeout, String costClass, Duration expected,
        String trace) {

    private static final CallOptions ALL = new CallOptions(CallContext.ALL_RANKS, null, "", Duration.ZERO, "");
    /** https://www.w3.org/TR/trace-context: version, trace id, parent id, flags; later versions may append. */
    private static final Pattern TRACE =
            Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]*)?(\\n[ -~]*)?");

    /**
     * Checks the values.
     *
     * @param replyRank who replies
     * @param timeout   how long the caller waits
     * @param costClass the empty string for undeclared
     * @param expected  zero for undeclared
     * @param trace     the empty string for none
     */
    public CallOptions {
        if (replyRank < CallContext.ALL_RANKS) {
            throw new IllegalArgumentException("no such rank replyRank=" + replyRank);
        }
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("a call needs time timeout=" + timeout);
        }
        if (expected.isNegative()) {
            throw new IllegalArgumentException("negative expected=" + expected);
        }
        if (!trace.isEmpty() && (trace.length() > CallLayout.MAX_TRACE || !TRACE.matcher(trace).matches())) {
            throw new IllegalArgumentException("not a W3C trace context trace=" + trace);
        }
    }

    /**
     * Every rank replies; the group's default timeout.
     *
     * @return options to be refined
     */
    public static CallOptions allRanks() {
        return ALL;
    }

    /**
     * All ranks work, one replies; the group's default timeout.
     *
     * @param rank who replies
     * @return options to be refined
     */
    public static CallOptions fromRank(int rank) {
        if (rank < 0) {
            throw new IllegalArgumentException("no such rank replyRank=" + rank);
        }
        return new CallOptions(rank, null, "", Duration.ZERO, "");
    }

    /** The same with a reply of every rank. */
    CallOptions fromAll() {
        return new CallOptions(CallContext.ALL_RANKS, timeout, costClass, expected, trace);
    }

    /**
     * The same with another timeout.
     *
     * @param limit how long the caller waits
     * @return new options
     */
    public CallOptions within(Duration limit) {
        return new CallOptions(replyRank, limit, costClass, expected, trace);
    }

    /**
     * The same in another cost class.
     *
     * @param name at most 56 bytes of UTF-8; a group has room for 255 method and class names in all. A call that goes
     *             beyond either throws a {@link dev.rollcall.shm.RollcallException}
     * @return new options
     */
    public CallOptions inClass(String name) {
        return new CallOptions(replyRank, timeout, name, expected, trace);
    }

    /**
     * The same with a declared duration.
     *
     * @param duration how long the call should take
     * @return new options
     */
    public CallOptions expecting(Duration duration) {
        return new CallOptions(replyRank, timeout, costClass, duration, trace);
    }

    /**
     * The same within a trace; handlers see the header as it is.
     *
     * @param traceparent the W3C header of that name
     * @return new options
     */
    public CallOptions traced(String traceparent) {
        return new CallOptions(replyRank, timeout, costClass, expected, traceparent);
    }

    /**
     * The same within a trace, with what vendors add to it.
     *
     * @param traceparent the W3C header of that name
     * @param tracestate  the W3C header of that name
     * @return new options
     */
    public CallOptions traced(String traceparent, String tracestate) {
        return traced(tracestate.isEmpty() ? traceparent : traceparent + "\n" + tracestate);
    }
}
