package dev.rollcall.shm.board;

/**
 * A rank's pulse thread has found its loop thread in a cycle of locks, or waiting behind one.
 *
 * @param callId the call the loop thread was in
 * @param looks  how often in a row it was found so in that call
 * @param text   who waits for whom
 */
public record LockCycleStatus(long callId, long looks, String text) {
}
