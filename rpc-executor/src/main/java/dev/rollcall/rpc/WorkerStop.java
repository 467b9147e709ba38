package dev.rollcall.rpc;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Telling the loop of a worker to end, and waiting for it. Any thread. */
final class WorkerStop {

    private final Thread loop;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile boolean driverGone;

    WorkerStop(Thread loop) {
        this.loop = loop;
    }

    Thread loop() {
        return loop;
    }

    boolean isRequested() {
        return requested;
    }

    boolean isDriverGone() {
        return driverGone;
    }

    /** The interrupt is for handlers that wait in Java; a native wait ends by its own bound. */
    void request() {
        requested = true;
        loop.interrupt();
    }

    void driverIsGone() {
        driverGone = true;
        request();
    }

    /**
     * Whether the handler itself called System.exit: the loop then waits for the shutdown hooks, never the other way
     * round.
     */
    boolean isLoopExiting() {
        for (StackTraceElement frame : loop.getStackTrace()) {
            if (frame.getClassName().equals("java.lang.Shutdown")) {
                return true;
            }
        }
        return false;
    }

    /** By the loop thread, after the handler is closed. */
    void done() {
        done.countDown();
    }

    /** An interrupt shortens the wait. */
    boolean awaitDone(long timeoutNanos) {
        try {
            return done.await(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
