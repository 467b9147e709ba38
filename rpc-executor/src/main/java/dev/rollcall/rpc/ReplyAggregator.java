package dev.rollcall.rpc;

/**
 * Makes one answer of all ranks' replies. Called on the group's completion executor; what it throws fails the future.
 *
 * @param <T> what it makes
 */
@FunctionalInterface
public interface ReplyAggregator<T> {

    /**
     * Combines the replies.
     *
     * @param replies  of every rank
     * @param baseRank whose reply the answer starts from
     * @return the answer
     */
    T aggregate(CallResult replies, int baseRank);
}
