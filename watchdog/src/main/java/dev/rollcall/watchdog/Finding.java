package dev.rollcall.watchdog;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;

/**
 * One thing the diagnoser has to say about the group. Immutable, any thread.
 *
 * @param tier suspect, or act
 * @param kind what is wrong
 * @param rank who: a rank, {@link Verdict#DRIVER}, or {@link Verdict#NOBODY} when it cannot tell
 * @param callId call it hangs in, 0 for none
 * @param confidence 0 to 1
 * @param reason in words, with its facts
 * @param runnerUp next likely explanation in words, "" for none
 * @param limitNanos limit that was passed, 0 when the kind has none
 * @param ageNanos how long it has lasted
 * @param victims ranks that only wait for the culprit, a bit each
 */
public record Finding(Tier tier, HangKind kind, int rank, long callId, double confidence, String reason,
        String runnerUp, long limitNanos, long ageNanos, long victims) {

    /**
     * Whether this kind is said but never acted on: it excuses somebody or the watchdog itself, and blames nobody.
     *
     * @return true for STARVED, TRACED, PAUSED_CGROUP, SELF_STALLED and STRAGGLER
     */
    public boolean excuses() {
        return excuses(kind);
    }

    /** Whether calls under way now say nothing of how long calls take: somebody is suspected, or held from outside. */
    boolean teachesNothing() {
        return !excuses() || kind == HangKind.TRACED || kind == HangKind.PAUSED_CGROUP;
    }

    /**
     * Whether findings of a kind are said and never acted on.
     *
     * @param kind which
     * @return as {@link #excuses()}
     */
    public static boolean excuses(HangKind kind) {
        return switch (kind) {
            case STARVED, TRACED, PAUSED_CGROUP, SELF_STALLED, STRAGGLER -> true;
            default -> false;
        };
    }

    /**
     * The same, said of the same one, perhaps in other words.
     *
     * @param other another finding
     * @return true when kind and rank agree
     */
    public boolean sameCase(Finding other) {
        return kind == other.kind && rank == other.rank;
    }
}
