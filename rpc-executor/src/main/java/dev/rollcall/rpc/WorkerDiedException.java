package dev.rollcall.rpc;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.RollcallException;

/** A worker process ended while it was needed. */
public final class WorkerDiedException extends RollcallException implements RetryableFailure {

    private static final long serialVersionUID = 1L;

    private final int rank;
    private final transient WorkerLauncher.@Nullable Exit exit;
    private final transient List<String> lastOutput;

    WorkerDiedException(int rank, WorkerLauncher.@Nullable Exit exit, List<String> lastOutput, String call) {
        super("worker died rank=" + rank + " " + (exit == null ? "exit=unknown" : exit) + " " + call
                + (lastOutput.isEmpty() ? "" : "\n  " + String.join("\n  ", lastOutput)));
        this.rank = rank;
        this.exit = exit;
        this.lastOutput = List.copyOf(lastOutput);
    }

    /**
     * Who died.
     *
     * @return the rank
     */
    public int rank() {
        return rank;
    }

    /**
     * How it ended.
     *
     * @return null when that was not known in time
     */
    public WorkerLauncher.@Nullable Exit exit() {
        return exit;
    }

    /**
     * What it printed last.
     *
     * @return oldest line first
     */
    public List<String> lastOutput() {
        return lastOutput;
    }
}
