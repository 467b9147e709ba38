package dev.rollcall.watchdog;

import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import java.util.List;

/** Reads from a window when somebody last got on with what it was found wanting in. Pure; any thread. */
final class Timelines {
    private Timelines() {
    }

    /**
     * Time of the newest snapshot in which the words of that one differ from those before. Where none does, it was still
     * before the window; and whoever goes on moving beside what it owes shows by that only that it lives. In both cases it
     * is the time since which the finding has lasted.
     */
    static long lastProgress(List<GroupSnapshot> window, Finding finding) {
        long since = window.getLast().atNanos() - finding.ageNanos();
        if (!movesOn(finding)) {
            for (int i = window.size() - 1; i > 0; i--) {
                if (moved(window.get(i - 1), window.get(i), finding.rank())) {
                    // Older snapshots are a second apart: the finding knows better when, if it was in between.
                    boolean between = since > window.get(i - 1).atNanos() && since < window.get(i).atNanos();
                    return between ? since : window.get(i).atNanos();
                }
            }
        }
        return finding.ageNanos() == 0 ? window.getFirst().atNanos() : since;
    }

    private static boolean movesOn(Finding finding) {
        return finding.ageNanos() > 0 && switch (finding.kind()) {
            case MISSING_FROM_COLLECTIVE, REPLY_LOST, REQUEST_UNSEEN -> true;
            default -> false;
        };
    }

    private static boolean moved(GroupSnapshot before, GroupSnapshot after, int rank) {
        if (rank >= 0) {
            return moved(before.ranks().get(rank).board(), after.ranks().get(rank).board());
        }
        DriverStatus was = before.driver().board();
        DriverStatus is = after.driver().board();
        return rank == Verdict.DRIVER ? was.loopTicks() != is.loopTicks()
                : was.completed() != is.completed() || was.failed() != is.failed();
    }

    /** Not the pulse: it beats while the loop hangs. */
    private static boolean moved(RankStatus was, RankStatus is) {
        return was.loopTicks() != is.loopTicks() || was.received() != is.received() || was.started() != is.started()
                || was.finished() != is.finished() || was.replied() != is.replied()
                || was.phaseChanges() != is.phaseChanges() || !was.collectives().equals(is.collectives());
    }
}
