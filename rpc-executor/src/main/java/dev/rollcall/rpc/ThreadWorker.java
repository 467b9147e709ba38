package dev.rollcall.rpc;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.os.PidFd;

/** A worker on a thread of the driver's process. Any thread. */
final class ThreadWorker implements WorkerLauncher.Handle, WorkerRun.Host {

    private final WorkerRun.Identity who;
    private final Callable<Worker> maker;
    private final BiConsumer<String, @Nullable Throwable> printer;
    private final OutputTail tail;
    private final Thread thread;
    private final WorkerStop stop;
    private volatile int exit = WorkerProcess.EXIT_BROKEN;
    private @Nullable Thread pulse;

    private ThreadWorker(String name, WorkerRun.Identity who, Callable<Worker> maker,
            BiConsumer<String, @Nullable Throwable> printer, OutputTail tail) {
        this.who = who;
        this.maker = maker;
        this.printer = printer;
        this.tail = tail;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
        this.stop = new WorkerStop(thread);
    }

    static ThreadWorker start(String name, WorkerRun.Identity who, Callable<Worker> maker,
            BiConsumer<String, @Nullable Throwable> printer, OutputTail tail) {
        ThreadWorker worker = new ThreadWorker(name, who, maker, printer, tail);
        worker.thread.start();
        return worker;
    }

    private void run() {
        WorkerRun worker = new WorkerRun(who, maker, stop, this);
        try (GroupDirectory directory = GroupDirectory.attach(who.group());
                Board board = Board.open(directory.boardFile(), false)) {
            try {
                exit = worker.run(directory, board);
            } finally {
                stop.done();
                awaitPulse();
            }
        } catch (Throwable t) {
            print("worker broke", t);
            exit = worker.broken();
        } finally {
            stop.done();
        }
    }

    /** It uses the board. */
    private void awaitPulse() {
        boolean interrupted = Thread.interrupted();
        while (pulse != null && pulse.isAlive()) {
            try {
                pulse.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void startPulse(int rank, BoardWorker marks, PidFd driver) {
        pulse = WorkerPulse.ofThread(marks, stop, this).start(rank);
    }

    @Override
    public void print(String what, @Nullable Throwable error) {
        printer.accept(what, error);
    }

    @Override
    public int rank() {
        return who.rank();
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public boolean isDead() {
        return !thread.isAlive();
    }

    @Override
    public boolean awaitDeath(long timeoutNanos) {
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            while (thread.isAlive()) {
                long left = timeoutNanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public WorkerLauncher.@Nullable Exit exit() {
        return thread.isAlive() ? null : new WorkerLauncher.Exit(exit);
    }

    @Override
    public List<String> lastOutput() {
        return tail.lines();
    }

    @Override
    public void terminate() {
        stop.request();
    }

    /** A thread cannot be killed; it is asked once more. */
    @Override
    public void kill() {
        stop.request();
    }

    @Override
    public void close() {
        // the thread has ended, and with it all it held
    }
}
