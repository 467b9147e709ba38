package dev.rollcall.rpc;

import java.time.Duration;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Phase;

/** What happens to a group. Every method may be left out. */
public interface GroupListener {

    /**
     * A rank moved on during the start. Called by the thread that starts the group.
     *
     * @param rank  which
     * @param phase where it is now
     * @param after since the start began
     */
    default void rankStarting(int rank, Phase phase, Duration after) {
    }

    /**
     * The group moved on. Called on the completion executor, in order; once per move.
     *
     * @param from where it was
     * @param to   where it is
     */
    default void stateChanged(CollectiveExecutor.State from, CollectiveExecutor.State to) {
    }

    /**
     * The group failed: called once per failure, on the completion executor, after all its calls were failed and without waiting
     * for evidence or for the processes to go.
     *
     * @param failure what, and when
     */
    default void failed(Failure failure) {
    }

    /**
     * Why and when a group failed. Instants are {@link System#nanoTime()} of this process.
     *
     * @param cause        a {@link WorkerHungException}, a {@link WorkerDiedException}, or what broke
     * @param noticedNanos when the collector saw it
     * @param failedNanos  when the last of its calls had its outcome
     * @param callsFailed  how many calls were in flight
     */
    record Failure(RollcallException cause, long noticedNanos, long failedNanos, int callsFailed) {
    }
}
