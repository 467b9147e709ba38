package dev.rollcall.watchdog;

import dev.rollcall.shm.board.DriverStatus;

/**
 * The driver at one tick. Immutable, any thread.
 *
 * @param board what it wrote on the board
 * @param facts what the kernel says of its process
 * @param ages for how long which of its words have stood still
 */
public record DriverSnapshot(DriverStatus board, ProcessFacts facts, Ages ages) {
}
