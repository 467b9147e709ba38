package dev.rollcall.rpc;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.os.Linux;

/**
 * Beats while the driver's process runs, so that a stuck collector and a frozen process look different from outside.
 * With each beat it looks whether the watchdog beats, too.
 */
final class DriverPulse implements Runnable, AutoCloseable {

    private final BoardDriver marks;
    private final AttachedWatchdog watchdog;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    DriverPulse(GroupThreads threads, String name, BoardDriver marks, AttachedWatchdog watchdog) {
        this.marks = marks;
        this.watchdog = watchdog;
        this.thread = threads.newThread(name, this);
        thread.start();
    }

    @Override
    public void run() {
        marks.pulseThread(Linux.gettid());
        try {
            do {
                marks.pulse();
                watchdog.look(System.nanoTime());
            } while (!end.await(WorkerPulse.PERIOD_NANOS, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watchdog.leave();
        }
    }

    /** When this returns the board is not touched any more. */
    @Override
    public void close() {
        end.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
