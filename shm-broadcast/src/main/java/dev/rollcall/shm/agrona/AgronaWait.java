package dev.rollcall.shm.agrona;

import dev.rollcall.shm.WaitStrategy;
import org.agrona.concurrent.IdleStrategy;

/** Waiting by an Agrona idle strategy. Needs no JVM flag. Any thread may create one; one thread waits through it. */
public final class AgronaWait {
    private AgronaWait() {
    }

    /**
     * Idles until the condition holds, time is up or the thread is interrupted. Nobody wakes such a waiter.
     *
     * @param idle not shared with another thread; must not park longer than 100 ms
     * @return the strategy
     */
    public static WaitStrategy of(IdleStrategy idle) {
        return (_, ready, timeoutNanos) -> {
            long start = System.nanoTime();
            idle.reset();
            while (!ready.getAsBoolean()) {
                if (System.nanoTime() - start >= timeoutNanos || Thread.currentThread().isInterrupted()) {
                    return ready.getAsBoolean();
                }
                idle.idle();
            }
            return true;
        };
    }
}
