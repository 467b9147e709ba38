package dev.rollcall.shm.board;

import java.util.Objects;

/**
 * Whether a group's watchdog still ticks, as somebody sees it who looks at the board again and again. Its lock goes with its
 * process, so one that died is known at once; one that hangs keeps it. One thread at a time.
 *
 * <p>
 * No clock of the watchdog's is read: its tick has changed between two looks or not, and the looker's own monotonic clock says
 * how long not. Of the time between two looks only a part counts if they are far apart: who was stopped himself, with
 * the watchdog perhaps, has seen nothing of it.
 */
public final class WatchdogSilence {
    /** How long a watchdog that ticks twenty times a second may say nothing, nanoseconds; for whoever judges it. */
    public static final long LIMIT_NANOS = 2_000_000_000L;

    /** Look at least this often, nanoseconds: of a longer pause no more counts. */
    public static final long LOOK_NANOS = 400_000_000L;

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Board board;
    private WatchdogStatus seen;
    private WatchdogState state = WatchdogState.NONE;
    private long lookedNanos;
    private long silentNanos;

    /**
     * Has not looked yet.
     *
     * @param board of the group, read only is enough; not by way of the mapping that the watchdog holds its lock through
     */
    public WatchdogSilence(Board board) {
        this.board = board;
        this.seen = board.watchdog();
    }

    /**
     * Looks once more.
     *
     * @param nowNanos {@link System#nanoTime()}
     * @return what is known now; {@link WatchdogState#TICKING} until the limit has passed, also when it was never seen to
     */
    public WatchdogState look(long nowNanos) {
        WatchdogStatus now = board.watchdog();
        boolean same = now.ticks() == seen.ticks() && Objects.equals(now.process(), seen.process());
        if (!board.isWatched()) {
            state = WatchdogState.NONE;
            silentNanos = 0;
        } else if (state == WatchdogState.NONE || !same) {
            state = WatchdogState.TICKING;
            silentNanos = 0;
        } else {
            silentNanos += Math.min(nowNanos - lookedNanos, LOOK_NANOS);
            state = silentNanos < LIMIT_NANOS ? WatchdogState.TICKING : WatchdogState.SILENT;
        }
        seen = now;
        lookedNanos = nowNanos;
        return state;
    }

    /**
     * The tick it stood at in the last look.
     *
     * @return its number
     */
    public long ticks() {
        return seen.ticks();
    }

    /**
     * For a line about it.
     *
     * @return who, where it stands, for how long, and how long it may
     */
    @Override
    public String toString() {
        return "pid=" + (seen.process() == null ? "none" : seen.process().pid()) + " ticks=" + seen.ticks()
                + " silentMs=" + silentNanos / NANOS_PER_MILLI + " limitMs=" + LIMIT_NANOS / NANOS_PER_MILLI;
    }
}
