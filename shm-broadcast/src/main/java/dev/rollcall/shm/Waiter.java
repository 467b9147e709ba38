package dev.rollcall.shm;

import java.util.function.BooleanSupplier;

/**
 * One side's waiting: its cell, its strategy, and whether its thread is inside, so that whoever closes can wait for it to
 * leave before the memory goes. {@link #await}: the waiting thread; the rest: any thread.
 */
final class Waiter {
    private final WaitCell cell;
    private volatile WaitStrategy strategy;
    private volatile boolean inside;
    private volatile boolean closed;

    Waiter(WaitCell cell, boolean wakeups) {
        this.cell = cell;
        this.strategy = wakeups ? WaitStrategy.adaptive() : WaitStrategy.backingOff();
    }

    void strategy(WaitStrategy other) {
        this.strategy = other;
    }

    /** The condition must also hold once the caller's own closed flag is set; that flag is set before {@link #close}. */
    boolean await(BooleanSupplier ready, long timeoutNanos) {
        inside = true;
        try {
            return !closed && strategy.await(cell, ready, timeoutNanos);
        } finally {
            inside = false;
        }
    }

    void close() {
        closed = true;
        cell.close();
        while (inside) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
