package dev.rollcall.watchdog;

import java.util.List;

/** Calls that are over, whether a tick has seen them or not. One thread: the watchdog's. */
interface PastCalls {
    /** When nobody keeps a record of them. */
    PastCalls NONE = (after, upTo, limits) -> List.of();

    /**
     * A call that every rank has finished.
     *
     * @param callId its id
     * @param method its method
     * @param costClass its declared cost class, "" for none
     * @param longestNanos how long the slowest rank was in it, by that rank's own clock
     */
    record PastCall(long callId, String method, String costClass, long longestNanos) {
    }

    /**
     * Those of classes that have no limit of their own yet.
     *
     * @param after calls beyond this id
     * @param upTo up to this one
     * @param limits the classes that have one
     * @return in the order they were issued; what is not recorded any more is left out
     */
    List<PastCall> of(long after, long upTo, LimitTable limits);
}
