package dev.rollcall.rpc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;

/**
 * A child process and the thread that started it. That thread reads the child's output to the end, so it lives as long
 * as the child: whatever is tied to the starting thread on Linux is tied to the child's own life.
 */
final class ProcessWorker implements WorkerLauncher.Handle {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessWorker.class);
    /** A grandchild may hold the pipe open; the last words are waited for this long. */
    private static final long LAST_WORDS_NANOS = 20_000_000;
    /** And this long for what a crash report says, before it goes with the folder. */
    private static final long REPORT_NANOS = 200_000_000;

    private final int rank;
    private final Process process;
    private final Path temporary;
    private final OutputTail output;
    private final CompletableFuture<?> outputEnd;
    private final @Nullable PidFd pidFd;
    // guarded by this
    private long reapedNanos;
    private boolean closed;

    private ProcessWorker(int rank, Process process, Path temporary, OutputTail output,
            CompletableFuture<?> outputEnd) {
        this.rank = rank;
        this.process = process;
        this.temporary = temporary;
        this.output = output;
        this.outputEnd = outputEnd;
        ProcessIdentity identity = ProcessIdentity.of((int) process.pid());
        this.pidFd = identity == null ? null : PidFd.open(identity);
    }

    static ProcessWorker start(String thread, int rank, ProcessBuilder builder, Path temporary, OutputTail output) {
        CompletableFuture<Process> started = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name(thread).start(() -> {
            try {
                Process process = builder.start();
                started.complete(process);
                output.drain(process.getInputStream());
                output.close(CrashReport.excerpt(temporary));
            } catch (IOException | RuntimeException e) {
                if (!started.completeExceptionally(e)) {
                    LOG.debug("output ended rank={}", rank, e);
                }
            } finally {
                ended.complete(null);
            }
        });
        try {
            return new ProcessWorker(rank, started.join(), temporary, output, ended);
        } catch (CompletionException e) {
            RollcallException error = new RollcallException(
                    "cannot start worker rank=" + rank + " command=" + builder.command().getFirst(), e);
            abandon(started, temporary, error);
            throw error;
        } catch (RuntimeException | Error e) {
            abandon(started, temporary, e); // it runs, but there is no handle on it
            throw e;
        }
    }

    private static void abandon(CompletableFuture<Process> started, Path temporary, Throwable error) {
        if (!started.isCompletedExceptionally()) {
            Process process = started.join();
            process.destroyForcibly().onExit().completeOnTimeout(process, TearDown.KILL_NANOS, TimeUnit.NANOSECONDS)
                    .join();
        }
        CloseHelper.close(error::addSuppressed, () -> TemporaryFolder.delete(temporary));
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public synchronized boolean isDead() {
        return closed || (pidFd == null ? !process.isAlive() : pidFd.isDead());
    }

    /**
     * By the process object, which also reaps it. An interrupt is kept for later: the wait is bounded, a half-ended
     * group is worse.
     */
    @Override
    public boolean awaitDeath(long timeoutNanos) {
        long start = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    long left = Math.max(0, timeoutNanos - (System.nanoTime() - start));
                    return process.waitFor(left, TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public synchronized WorkerLauncher.@Nullable Exit exit() {
        if (process.isAlive()) {
            return null;
        }
        if (reapedNanos == 0) {
            reapedNanos = System.nanoTime();
        }
        if (!outputEnd.isDone() && System.nanoTime() - reapedNanos < LAST_WORDS_NANOS) {
            return null;
        }
        return new WorkerLauncher.Exit(process.exitValue());
    }

    @Override
    public List<String> lastOutput() {
        return output.lines();
    }

    @Override
    public void terminate() {
        signal(Signal.TERM);
    }

    @Override
    public void kill() {
        signal(Signal.KILL);
    }

    /** A stopped process acts on a signal only once it is continued. */
    private synchronized void signal(Signal signal) {
        if (!closed && pidFd != null && pidFd.signal(signal)) {
            pidFd.signal(Signal.CONT);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (pidFd != null) {
                pidFd.close();
            }
            Object _ = outputEnd.handle((_, _) -> rank)
                    .completeOnTimeout(rank, REPORT_NANOS, TimeUnit.NANOSECONDS).join();
            TemporaryFolder.delete(temporary);
        }
    }
}
