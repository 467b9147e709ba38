package dev.rollcall.rpc;

import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.board.Board;

/** Leaving the scene untouched until an attached watchdog has photographed it. */
final class Evidence {

    private static final long LOOK_NANOS = 50_000_000;

    private Evidence() {
    }

    /**
     * Returns when the watchdog has saved its evidence, or will not: it is gone, only observes, or the time is up. A
     * death that the driver saw first has no verdict yet; then the next one is waited for.
     */
    static void await(Board board, WaitCell doorbell, FailureCause cause, long timeoutNanos) {
        long start = System.nanoTime();
        while (!isSealed(board, cause) && board.isWatched() && board.watchdog().enforce()) {
            long left = timeoutNanos - (System.nanoTime() - start);
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return;
            }
            doorbell.await(() -> isSealed(board, cause), Math.min(left, LOOK_NANOS));
        }
    }

    private static boolean isSealed(Board board, FailureCause cause) {
        long sequence = cause instanceof FailureCause.Hung hung ? hung.verdict().sequence() : board.verdictSequence();
        return sequence > 0 && board.watchdog().sealedVerdict() >= sequence;
    }
}
