package dev.rollcall.watchdog;

import dev.rollcall.shm.board.RankStatus;
import java.util.List;

/**
 * Whether a rank has been behind its peers for long enough to differ from them: a slow call that all share does not end
 * in the same tick everywhere. Pure; any thread.
 */
final class Lagging {
    private static final long MILLI = 1_000_000L;
    private static final long LEAST_NANOS = 200 * MILLI;
    private static final long MOST_NANOS = 1_000 * MILLI;
    /** Whatever the floor: the window holds no more in full. */
    private static final long BOUND_NANOS = 2_000 * MILLI;
    private static final int LEAST_READINGS = 4;
    /** The longer the call, the larger the ordinary differences at its end. */
    private static final int PART_OF_CALL = 4;

    private Lagging() {
    }

    /**
     * A rank that is behind now has been so, without moving, for long enough. Counted as its call's age is: not while it
     * could not run.
     */
    static boolean hasLasted(List<GroupSnapshot> window, RankSnapshot rank, LimitTable limits) {
        long age = rank.ages().callNanos();
        long wanted = Math.min(BOUND_NANOS,
                Math.max(limits.scaled(LEAST_NANOS), Math.min(age / PART_OF_CALL, limits.scaled(MOST_NANOS))));
        long lasted = 0;
        int readings = 1;
        for (int i = window.size() - 2; i >= 0 && (lasted < wanted || readings < LEAST_READINGS); i--) {
            GroupView view = new GroupView(window.get(i));
            RankSnapshot then = window.get(i).ranks().get(rank.board().rank());
            if (hasMoved(then.board(), rank.board()) || !view.isBehind(then) || view.mostAreBehind()) {
                return false;
            }
            lasted = age - then.ages().callNanos();
            readings++;
        }
        return lasted >= wanted && readings >= LEAST_READINGS;
    }

    private static boolean hasMoved(RankStatus was, RankStatus is) {
        return was.started() != is.started() || was.finished() != is.finished()
                || !was.collectives().equals(is.collectives());
    }
}
