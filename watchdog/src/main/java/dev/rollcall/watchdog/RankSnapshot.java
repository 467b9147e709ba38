package dev.rollcall.watchdog;

import dev.rollcall.shm.board.RankStatus;

/**
 * One worker at one tick; its rank is {@code board().rank()}. Immutable, any thread.
 *
 * @param board what it wrote on the board
 * @param facts what the kernel says of its process
 * @param ages for how long which of its words have stood still
 */
public record RankSnapshot(RankStatus board, ProcessFacts facts, Ages ages) {
}
