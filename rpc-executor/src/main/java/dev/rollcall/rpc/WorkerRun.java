package dev.rollcall.rpc;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Steps;

/**
 * One rank from joining the group's files to leaving them, in a process or a thread of its own. The calling thread is
 * the loop.
 */
final class WorkerRun {

    /** Where this rank runs. */
    interface Host {

        /** What people should read; with what was thrown, if anything was. */
        void print(String what, @Nullable Throwable error);

        /** Starts what beats the pulse. */
        void startPulse(int rank, BoardWorker marks, PidFd driver);
    }

    /**
     * Who it is.
     *
     * @param group     the group's directory
     * @param rank      which
     * @param clock     see {@link SharedClock}
     * @param arguments for {@link WorkerContext#arguments()}
     */
    record Identity(Path group, int rank, String clock, Map<String, String> arguments) {
    }

    private final Identity who;
    private final Callable<Worker> maker;
    private final WorkerStop stop;
    private final Host host;
    private boolean ready;

    WorkerRun(Identity who, Callable<Worker> maker, WorkerStop stop, Host host) {
        this.who = who;
        this.maker = maker;
        this.stop = stop;
        this.host = host;
    }

    /** The exit status when {@link #run} threw, or was never come to: not before it was ready, or at work. */
    int broken() {
        return ready ? WorkerProcess.EXIT_BROKEN : WorkerProcess.EXIT_START;
    }

    /** The exit status. The board stays open: the pulse thread uses it. */
    int run(GroupDirectory directory, Board board) {
        BoardWorker marks = board.asWorker(who.rank());
        marks.loopThread(Linux.gettid());
        marks.phase(Phase.STARTING);
        Steps.at("worker.start.on-board");
        PidFd driver = driver(board);
        if (driver == null) {
            host.print("the driver is gone group=" + who.group(), null);
            return WorkerProcess.EXIT_DRIVER_GONE;
        }
        host.startPulse(who.rank(), marks, driver);
        int exit = WorkerProcess.EXIT_BROKEN;
        try (ReplyOutbox replies = new ReplyOutbox(who.rank(),
                RingWriter.own(directory.replyRingFile(who.rank())).doorbell(marks.driverDoorbell()), marks, stop,
                host)) {
            exit = serve(directory, board, marks, replies);
            if (exit == WorkerProcess.EXIT_OK && driver.isDead()) {
                exit = WorkerProcess.EXIT_DRIVER_GONE;
            }
        } finally {
            boolean inOrder = exit == WorkerProcess.EXIT_OK || exit == WorkerProcess.EXIT_DRIVER_GONE;
            marks.phase(inOrder ? Phase.CLOSED : Phase.FAILED);
            Steps.at("worker.stop.ring-closed");
        }
        return exit;
    }

    private static @Nullable PidFd driver(Board board) {
        ProcessIdentity identity = board.driver().process();
        if (identity == null) {
            throw new RollcallException("the board names no driver");
        }
        return PidFd.open(identity);
    }

    private int serve(GroupDirectory directory, Board board, BoardWorker marks, ReplyOutbox replies) {
        LoopContext context = new LoopContext(who, board.workers(), directory, marks);
        Worker worker;
        try {
            worker = maker.call();
            worker.open(context);
        } catch (Throwable t) {
            host.print("worker could not start", t);
            replies.startFailed(t);
            return WorkerProcess.EXIT_START;
        }
        int exit = WorkerProcess.EXIT_BROKEN;
        try (RingReader requests = RingReader.join(directory.requestRingFile(), who.rank())
                .waiting(context.waiting());
                LoopCall call = new LoopCall(who.rank(), board, marks, stop, host,
                        SharedClock.isShared(who.clock()))) {
            Steps.at("worker.start.joined");
            WorkerLoop loop = new WorkerLoop(who.rank(), worker, requests, replies, call, marks, stop);
            ready = true;
            marks.phase(Phase.READY);
            Steps.at("worker.start.ready");
            marks.driverDoorbell().signal();
            loop.run();
            Steps.at("worker.stop.loop-left");
            exit = report(loop.fatal());
        } finally {
            close(worker);
        }
        return exit;
    }

    private int report(@Nullable Throwable fatal) {
        if (fatal == null) {
            return WorkerProcess.EXIT_OK;
        }
        host.print("handler cannot go on", fatal);
        return WorkerProcess.EXIT_FATAL;
    }

    private void close(Worker worker) {
        try {
            worker.close();
        } catch (Throwable t) {
            // The rank ends now in any case, with the exit status of what ended the loop.
            host.print("handler did not close", t);
        }
    }
}
