package dev.rollcall.rpc;

import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.PidFd;

/**
 * The second thread of a worker. While its pulse goes on, a silent loop is the loop's own trouble and not a frozen
 * process; it answers requests for stacks, and it is the one that sees the driver die, also while the loop is stuck in
 * a native call.
 */
final class WorkerPulse implements Runnable {

    static final long PERIOD_NANOS = 200_000_000;
    /** What a loop gets to end by itself once the driver is gone. */
    static final long ORPHAN_GRACE_NANOS = 1_000_000_000;

    private final BoardWorker marks;
    private final PidFd driver;
    private final WorkerStop stop;
    private final ThreadDump stacks;

    WorkerPulse(BoardWorker marks, PidFd driver, WorkerStop stop, Thread loop) {
        this.marks = marks;
        this.driver = driver;
        this.stop = stop;
        this.stacks = new ThreadDump(loop);
    }

    void start(int rank) {
        Thread.ofPlatform().daemon().name("rollcall-pulse-" + rank).start(this);
    }

    @Override
    public void run() {
        try {
            marks.pulseThread(Linux.gettid());
            do {
                marks.pulse();
                marks.serveStackRequest(stacks);
            } while (!driver.awaitDeath(PERIOD_NANOS));
            stop.driverIsGone();
            stop.awaitDone(ORPHAN_GRACE_NANOS);
            TemporaryFolder.deleteOwn();
            Runtime.getRuntime().halt(WorkerProcess.EXIT_DRIVER_GONE);
        } catch (Throwable t) {
            // Without a pulse nobody would notice the driver's death: a worker must not live on like that.
            WorkerProcess.print("pulse stopped", t);
            Runtime.getRuntime().halt(WorkerProcess.EXIT_BROKEN);
        }
    }
}
