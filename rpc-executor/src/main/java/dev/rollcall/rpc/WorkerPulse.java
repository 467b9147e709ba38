package dev.rollcall.rpc;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.PidFd;

/**
 * The second thread of a worker. While its pulse goes on, a silent loop is the loop's own trouble and not a frozen
 * process; it answers requests for stacks, looks for cycles of locks, and it is the one that sees the driver die, also
 * while the loop is stuck in a native call.
 */
final class WorkerPulse implements Runnable {

    static final long PERIOD_NANOS = 200_000_000;
    /** What a loop gets to end by itself once the driver is gone: a quarter of the two seconds that are promised. */
    static final long ORPHAN_GRACE_NANOS = 500_000_000;

    private final BoardWorker marks;
    private final ThreadDump stacks;
    private final LockCycles locks;
    private final End end;

    /** What ends the pulse, and what then. */
    private interface End {

        /** Waits as long; whether the end has come. */
        boolean await(long nanos);

        /** error: the pulse itself broke. */
        void come(@Nullable Throwable error);
    }

    private WorkerPulse(BoardWorker marks, WorkerStop stop, End end) {
        this.marks = marks;
        this.stacks = new ThreadDump(stop.loop());
        this.locks = new LockCycles(stop.loop(), marks);
        this.end = end;
    }

    /** Ends with the driver, and the process with it. */
    static WorkerPulse ofProcess(BoardWorker marks, PidFd driver, WorkerStop stop) {
        return new WorkerPulse(marks, stop, new End() {
            @Override
            public boolean await(long nanos) {
                return driver.awaitDeath(nanos);
            }

            @Override
            public void come(@Nullable Throwable error) {
                if (error != null) {
                    // Without a pulse nobody would notice the driver's death: a worker must not live on like that.
                    WorkerProcess.say("pulse stopped", error);
                    Linux.exitNow(WorkerProcess.EXIT_BROKEN);
                }
                stop.driverIsGone();
                stop.awaitDone(ORPHAN_GRACE_NANOS);
                TemporaryFolder.deleteOwn();
                Linux.exitNow(WorkerProcess.EXIT_DRIVER_GONE);
            }
        });
    }

    /** Ends with the loop: the driver is this very process. */
    static WorkerPulse ofThread(BoardWorker marks, WorkerStop stop, WorkerRun.Host host) {
        return new WorkerPulse(marks, stop, new End() {
            @Override
            public boolean await(long nanos) {
                return stop.awaitDone(nanos);
            }

            @Override
            public void come(@Nullable Throwable error) {
                if (error != null) {
                    host.print("pulse stopped", error);
                    stop.request();
                }
            }
        });
    }

    Thread start(int rank) {
        return Thread.ofPlatform().daemon().name("rollcall-pulse-" + rank).start(this);
    }

    @Override
    public void run() {
        Throwable broken = null;
        try {
            marks.pulseThread(Linux.gettid());
            do {
                marks.pulse();
                marks.serveStackRequest(stacks);
                locks.look();
            } while (!end.await(PERIOD_NANOS));
        } catch (Throwable t) {
            broken = t;
        }
        end.come(broken);
    }
}
