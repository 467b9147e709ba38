package dev.rollcall.shm.board;

/**
 * One call the driver waits for.
 *
 * @param callId       its id
 * @param method       what was called
 * @param costClass    as the caller declared, "" for none
 * @param replyRank    who answers, -1 for all
 * @param timeoutNanos from issue to deadline, nanoseconds
 */
public record InFlightCall(long callId, String method, String costClass, int replyRank, long timeoutNanos) {
}
