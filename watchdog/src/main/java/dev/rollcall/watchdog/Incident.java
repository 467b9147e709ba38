package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Verdict;
import java.util.List;

/**
 * A verdict and all it was reached from: what {@code incident.json} holds. A replay needs nothing else: window and
 * limits given to {@link Diagnoser} give the same verdict. Immutable, any thread.
 *
 * @param schema version of this shape, {@link #SCHEMA} when written by this release
 * @param product name and version of the writer
 * @param verdict the verdict
 * @param limitNanos limit that was in force for it, 0 when the kind has none
 * @param runnerUp second most likely explanation in words, "" when there is none
 * @param limits all limits in force
 * @param window snapshots, oldest first; ticks after the verdict may follow
 * @param verdictTick tick of the snapshot the verdict was reached at
 * @param self the watchdog's own state
 * @param timeline when what happened
 * @param notes what else a reader should know, such as facts that could not be read
 */
public record Incident(int schema, String product, Verdict verdict, long limitNanos, String runnerUp, LimitTable limits,
        List<GroupSnapshot> window, long verdictTick, WatchdogHealth self, Timeline timeline, List<String> notes) {

    /** Version of this shape. */
    public static final int SCHEMA = 1;

    /** Copies the lists. */
    public Incident {
        window = List.copyOf(window);
        notes = List.copyOf(notes);
    }
}
