package dev.rollcall.shm.board;

/**
 * One event of a flight recorder.
 *
 * @param sequence counts from 1 per recorder
 * @param nanoTime the recording process's own clock; only differences within one recorder mean something
 * @param kind     what happened
 * @param a        see the kind
 * @param b        see the kind
 */
public record FlightEvent(long sequence, long nanoTime, FlightKind kind, long a, long b) {
}
