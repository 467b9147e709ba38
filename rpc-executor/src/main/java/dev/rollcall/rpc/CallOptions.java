package dev.rollcall.rpc;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How a call is made. Immutable; start at {@link #allRanks()} or {@link #fromRank(int)}.
 *
 * @param replyRank who replies: a rank, or {@link CallContext#ALL_RANKS}. Every rank works on the call all the same
 * @param timeout   how long the caller waits, from the moment it calls; null for the group's default
 * @param costClass calls of one method that differ in cost belong in classes of their own ("decode", "prefill"): the
 *                  watchdog learns a limit for each; the empty string for undeclared
 * @param expected  how long the call should take; {@link Duration#ZERO} for undeclared
 */
public record CallOptions(int replyRank, @Nullable Duration timeout, String costClass, Duration expected) {

    private static final CallOptions ALL = new CallOptions(CallContext.ALL_RANKS, null, "", Duration.ZERO);

    /**
     * Checks the values.
     *
     * @param replyRank who replies
     * @param timeout   how long the caller waits
     * @param costClass the empty string for undeclared
     * @param expected  zero for undeclared
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
        return new CallOptions(rank, null, "", Duration.ZERO);
    }

    /**
     * The same with another timeout.
     *
     * @param limit how long the caller waits
     * @return new options
     */
    public CallOptions within(Duration limit) {
        return new CallOptions(replyRank, limit, costClass, expected);
    }

    /**
     * The same in another cost class.
     *
     * @param name at most 55 bytes; a group has room for about 250 method and class names in all
     * @return new options
     */
    public CallOptions inClass(String name) {
        return new CallOptions(replyRank, timeout, name, expected);
    }

    /**
     * The same with a declared duration.
     *
     * @param duration how long the call should take
     * @return new options
     */
    public CallOptions expecting(Duration duration) {
        return new CallOptions(replyRank, timeout, costClass, duration);
    }
}
