package dev.rollcall.watchdog;

import dev.rollcall.shm.UnsupportedPlatformException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.board.WatchdogSilence;
import dev.rollcall.shm.board.WatchdogState;
import dev.rollcall.shm.os.ProcessIdentity;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a group is healthy, as a liveness probe asks it. Immutable, any thread. Load alone never makes it unhealthy: long
 * calls, full rings and starvation are said in the reason at most.
 *
 * @param status the answer
 * @param reason why, in one line that begins with who
 */
public record HealthCheck(Status status, String reason) {
    private static final long LOOK_NANOS = 5_000_000L;

    /** Made once: on nearly every tick this is the answer. */
    private static final Map<Phase, HealthCheck> HEALTHY = healthy();

    /** What there is to answer. */
    public enum Status {
        /** Nobody is suspected. */
        HEALTHY,
        /** Somebody is suspected: said, not acted on, and it may pass. */
        SUSPECT,
        /** Somebody hangs or is dead: this group will answer no more. */
        HUNG,
        /** There is no group, or it was closed in order. */
        GONE
    }

    /**
     * Whether the group may go on.
     *
     * @return true unless it is hung or gone: a suspicion may pass
     */
    public boolean isUp() {
        return status == Status.HEALTHY || status == Status.SUSPECT;
    }

    /**
     * Reads it from a board, in any process, at once. Without a watchdog attached only deaths are seen; whether one that is
     * attached still ticks is not looked at.
     *
     * @param board the group's board, read only is enough
     * @return what the board says now
     */
    public static HealthCheck of(Board board) {
        DriverStatus driver = board.driver();
        Verdict verdict = board.verdict();
        if (verdict != null) {
            return new HealthCheck(Status.HUNG, words(verdict));
        }
        if (driver.phase() == Phase.CLOSED) {
            return new HealthCheck(Status.GONE, "nobody is left: the group was closed in order");
        }
        if (driver.phase() == Phase.FAILED) {
            return new HealthCheck(Status.HUNG, "nobody is named: the group has failed, without a verdict");
        }
        if (isDead(driver.process())) {
            return new HealthCheck(Status.HUNG, "driver DEAD: its process has ended in phase " + driver.phase());
        }
        for (int rank = 0; rank < board.workers() && driver.phase() == Phase.READY; rank++) {
            RankStatus status = board.rank(rank);
            if (status.phase() != Phase.CLOSED && isDead(status.process())) {
                return new HealthCheck(Status.HUNG,
                        "rank " + rank + " DEAD: its process has ended in phase " + status.phase());
            }
        }
        if (!board.isWatched()) {
            return new HealthCheck(Status.HEALTHY,
                    "nobody is dead, phase " + driver.phase() + "; no watchdog is attached, so no hang can be seen");
        }
        Verdict suspect = board.suspect();
        return suspect == null ? healthy(driver.phase())
                : new HealthCheck(Finding.excuses(suspect.kind()) ? Status.HEALTHY : Status.SUSPECT, words(suspect));
    }

    /**
     * The same, and whether an attached watchdog is at work: waits for its next tick, up to 50 ms, and when none comes for
     * {@link WatchdogSilence#LIMIT_NANOS}. One that hangs knows nothing, which is said as a suspicion: the group itself goes on.
     * An interrupt ends the waiting.
     *
     * @param board the group's board, read only is enough; not the mapping that the watchdog was attached through
     * @return what the board says now
     */
    public static HealthCheck withTick(Board board) {
        return withTick(board, System::nanoTime);
    }

    static HealthCheck withTick(Board board, LongSupplier clock) {
        HealthCheck first = of(board);
        if (!first.isUp()) {
            return first;
        }
        WatchdogSilence silence = new WatchdogSilence(board);
        WatchdogState state = silence.look(clock.getAsLong());
        long ticks = silence.ticks();
        while (state == WatchdogState.TICKING && silence.ticks() == ticks && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(board, LOOK_NANOS);
            state = silence.look(clock.getAsLong());
        }
        HealthCheck last = of(board);
        if (state != WatchdogState.SILENT || !last.isUp()) {
            return last;
        }
        Verdict stale = board.suspect();
        return new HealthCheck(Status.SUSPECT, "nobody is watching: the watchdog does not tick " + silence
                + (stale == null ? "" : "; it last said " + words(stale)));
    }

    /** What a watchdog that has just judged would say. */
    static HealthCheck of(Diagnosis diagnosis, Phase phase) {
        Optional<Finding> act = diagnosis.act();
        if (act.isPresent()) {
            return new HealthCheck(Status.HUNG, words(Suspects.verdict(act.get(), Tier.ACT)));
        }
        if (!diagnosis.findings().isEmpty()) {
            Finding said = diagnosis.findings().getFirst();
            return new HealthCheck(said.excuses() ? Status.HEALTHY : Status.SUSPECT,
                    words(Suspects.verdict(said, Tier.SUSPECT)));
        }
        return switch (phase) {
            case CLOSED -> new HealthCheck(Status.GONE, "nobody is left: the group was closed in order");
            case FAILED -> new HealthCheck(Status.HUNG, "nobody is named: the group has failed");
            default -> healthy(phase);
        };
    }

    private static Map<Phase, HealthCheck> healthy() {
        Map<Phase, HealthCheck> checks = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            checks.put(phase, new HealthCheck(Status.HEALTHY, "nobody is suspected, phase " + phase));
        }
        return checks;
    }

    private static HealthCheck healthy(Phase phase) {
        return Objects.requireNonNull(HEALTHY.get(phase));
    }

    private static boolean isDead(@Nullable ProcessIdentity process) {
        try {
            return process != null && !process.isAlive();
        } catch (UnsupportedPlatformException otherNamespace) {
            return false; // cannot be told from here: its watchdog can
        }
    }

    private static String words(Verdict verdict) {
        return verdict.who() + ' ' + verdict.kind() + ": " + verdict.reason()
                + (verdict.incident().isEmpty() ? "" : " incident=" + verdict.incident());
    }
}
