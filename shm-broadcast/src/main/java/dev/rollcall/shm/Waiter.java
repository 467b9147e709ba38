package dev.rollcall.shm;

import java.util.function.BooleanSupplier;

/**
 * One side's waiting: its cell and its strategy. {@link #await}: the waiting thread, which keeps the memory meanwhile; the
 * rest: any thread.
 */
final class Waiter {
    private final WaitCell cell;
    private volatile WaitStrategy strategy;
    private volatile boolean closed;

    Waiter(WaitCell cell, boolean wakeups) {
        this.cell = cell;
        this.strategy = wakeups ? WaitStrategy.adaptive() : WaitStrategy.backingOff();
    }

    void strategy(WaitStrategy other) {
        this.strategy = other;
    }

    /** The condition must also hold once the caller's own closed flag is set; that flag is set before {@link #sendAway}. */
    boolean await(BooleanSupplier ready, long timeoutNanos) {
        return !closed && strategy.await(cell, ready, timeoutNanos);
    }

    /** Whoever waits stops waiting, and nobody waits again; does not wait for that, as it may be asked by who waits. */
    void sendAway() {
        closed = true;
        cell.sendAway();
    }
}
