package dev.rollcall.shm;

import java.util.function.BooleanSupplier;

/**
 * How one side of a ring waits. Called on the waiting thread only. The default, {@link #adaptive()}, suits whoever has no
 * core to burn; {@code dev.rollcall.shm.agrona.AgronaWait} takes any Agrona {@code IdleStrategy}.
 */
@FunctionalInterface
public interface WaitStrategy {
    /**
     * Waits until the condition holds, time is up or the thread is interrupted. Must look at the condition at least every
     * 100 ms: what is closed keeps its memory until its waiter has left.
     *
     * @param cell         where wakers ring; may be ignored
     * @param ready        cheap, without side effects
     * @param timeoutNanos at most this long, nanoseconds; zero or less looks once
     * @return whether the condition held at the last look
     */
    boolean await(WaitCell cell, BooleanSupplier ready, long timeoutNanos);

    /**
     * Spins briefly and only as far as that pays off, then yields, then sleeps until woken. No processor time while idle.
     *
     * @return the default of rings with wake-ups
     */
    static WaitStrategy adaptive() {
        return WaitCell::await;
    }

    /**
     * Sleeps at once until woken: for waits known to be long, and for a core that others need more. Each wait costs its
     * waker a system call. Only for rings with wake-ups: in others nobody wakes a sleeper, it looks every 100 ms.
     *
     * @return the strategy
     */
    static WaitStrategy sleeping() {
        return WaitCell::awaitAsleep;
    }

    /**
     * Never leaves its core: the shortest hand-off, for a thread that has a core to itself.
     *
     * @return the strategy
     */
    static WaitStrategy spinning() {
        return (_, ready, timeoutNanos) -> Polling.spinUntil(ready, timeoutNanos);
    }

    /**
     * Polls, and lets others run between two looks: nearly as quick as spinning, and does no harm on a shared core.
     *
     * @return the strategy
     */
    static WaitStrategy yielding() {
        return (_, ready, timeoutNanos) -> Polling.yieldUntil(ready, timeoutNanos);
    }

    /**
     * Polls ever more slowly, down to once a millisecond: for rings without wake-ups and for threads that must not sleep in
     * the kernel, virtual ones above all.
     *
     * @return the default of rings without wake-ups
     */
    static WaitStrategy backingOff() {
        return (_, ready, timeoutNanos) -> Polling.backOffUntil(ready, timeoutNanos);
    }
}
