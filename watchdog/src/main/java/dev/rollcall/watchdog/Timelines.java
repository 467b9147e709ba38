package dev.rollcall.watchdog;

import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import java.util.List;

/** Reads from a window when somebody last moved. Pure; any thread. */
final class Timelines {
    private Timelines() {
    }

    /** Time of the newest snapshot in which the words of that one differ from those before; the oldest when none does. */
    static long lastProgress(List<GroupSnapshot> window, int rank) {
        for (int i = window.size() - 1; i > 0; i--) {
            if (moved(window.get(i - 1), window.get(i), rank)) {
                return window.get(i).atNanos();
            }
        }
        return window.getFirst().atNanos();
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
