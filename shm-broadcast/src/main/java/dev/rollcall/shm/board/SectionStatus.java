package dev.rollcall.shm.board;

/**
 * A stretch of work whose owner declared how long it may take.
 *
 * @param sequence   counts the sections of this rank
 * @param name       what it is
 * @param boundNanos declared upper bound, nanoseconds
 */
public record SectionStatus(long sequence, String name, long boundNanos) {
}
