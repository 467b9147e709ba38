package dev.rollcall.watchdog;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom, read from one snapshot. One thread.
 *
 * <p>
 * Ranks that have entered a collective which others have not are victims. Only waits in the lowest call count: a rank
 * that skipped a collective goes on and waits in a later call for those it has left behind.
 */
final class GroupView {
    /** A rank and the collective it waits in. */
    record Wait(RankSnapshot rank, CollectiveStatus collective) {
    }

    private final List<RankSnapshot> present;
    private final List<Wait> waits;
    private final long frontier;
    private int behind = -1;

    GroupView(GroupSnapshot snapshot) {
        present = new ArrayList<>(snapshot.ranks().size());
        waits = new ArrayList<>(snapshot.ranks().size());
        long lowest = Long.MAX_VALUE;
        for (RankSnapshot rank : snapshot.ranks()) {
            if (takesPart(rank)) {
                present.add(rank);
                Wait wait = waitOf(rank);
                if (wait != null) {
                    waits.add(wait);
                    lowest = Math.min(lowest, rank.board().started());
                }
            }
        }
        frontier = lowest;
        waits.removeIf(wait -> wait.rank.board().started() != frontier);
    }

    static boolean inCall(RankStatus status) {
        return status.started() > status.finished();
    }

    /** Ranks that can be waited for: those past their start that have not left. */
    List<RankSnapshot> present() {
        return present;
    }

    /** The lowest call in which a rank waits for others, or Long.MAX_VALUE. */
    long frontier() {
        return frontier;
    }

    /** The wait, in the lowest call, of a peer in a collective that this rank has not entered; null when none. */
    @Nullable
    Wait missedBy(RankSnapshot rank) {
        for (Wait wait : waits) {
            if (wait.rank.board().rank() != rank.board().rank() && isMissing(rank.board(), wait)) {
                return wait;
            }
        }
        return null;
    }

    /** It waits in the lowest call for somebody who has not come. */
    boolean isVictim(RankSnapshot rank) {
        for (Wait wait : waits) {
            if (wait.rank.board().rank() == rank.board().rank()) {
                return isMissed(wait);
            }
        }
        return false;
    }

    /** A bit per rank that waits for somebody who has not come. */
    long victims() {
        long victims = 0;
        for (Wait wait : waits) {
            victims |= isMissed(wait) ? 1L << wait.rank.board().rank() : 0;
        }
        return victims;
    }

    /** Peers have come further than this rank, in calls or in collectives. */
    boolean isBehind(RankSnapshot rank) {
        return !isVictim(rank) && (missedBy(rank) != null || isOvertaken(rank.board()));
    }

    /** How many ranks are behind. */
    int behind() {
        if (behind < 0) {
            behind = 0;
            for (RankSnapshot rank : present) {
                behind += isBehind(rank) ? 1 : 0;
            }
        }
        return behind;
    }

    /** More than half of several ranks are behind: then it is those ahead that are unusual. */
    boolean mostAreBehind() {
        return behind() > 1 && behind() * 2 > present.size();
    }

    /** A peer has finished its call, or completed a collective it is in. */
    boolean isOvertaken(RankStatus status) {
        if (inCall(status)) {
            for (RankSnapshot peer : present) {
                if (peer.board().finished() >= status.started() || hasLeft(peer.board(), status)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The peer has completed a collective this rank is still in. */
    private static boolean hasLeft(RankStatus peer, RankStatus status) {
        for (CollectiveStatus own : status.collectives()) {
            CollectiveStatus theirs = collective(peer, own.communicator());
            if (theirs != null && own.inside() && theirs.completed() >= own.entered()) {
                return true;
            }
        }
        return false;
    }

    private boolean isMissed(Wait wait) {
        for (RankSnapshot rank : present) {
            if (isMissing(rank.board(), wait)) {
                return true;
            }
        }
        return false;
    }

    /** Has not entered it, or has left the call without completing it. Who never used the communicator is no member. */
    private boolean isMissing(RankStatus status, Wait wait) {
        CollectiveStatus own = collective(status, wait.collective.communicator());
        long entered = wait.collective.entered();
        return own != null && own.completed() < entered
                && (own.entered() < entered || status.finished() >= frontier || status.started() > frontier);
    }

    private static @Nullable Wait waitOf(RankSnapshot rank) {
        if (!inCall(rank.board())) {
            return null;
        }
        for (CollectiveStatus collective : rank.board().collectives()) {
            if (collective.inside()) {
                return new Wait(rank, collective);
            }
        }
        return null;
    }

    /** All ranks that take part are in the same collective of the same call. */
    static boolean areInOneCollective(GroupSnapshot snapshot) {
        Wait first = null;
        int inside = 0;
        for (RankSnapshot rank : snapshot.ranks()) {
            if (takesPart(rank)) {
                Wait wait = waitOf(rank);
                boolean same = wait != null && (first == null || isSame(first, wait));
                if (!same) {
                    return false;
                }
                first = wait;
                inside++;
            }
        }
        return inside > 1;
    }

    private static boolean isSame(Wait one, Wait other) {
        return one.rank.board().started() == other.rank.board().started()
                && one.collective.communicator() == other.collective.communicator()
                && one.collective.entered() == other.collective.entered();
    }

    static @Nullable CollectiveStatus collective(RankStatus status, int communicator) {
        for (CollectiveStatus collective : status.collectives()) {
            if (collective.communicator() == communicator) {
                return collective;
            }
        }
        return null;
    }

    /** It can be waited for: past its start and not gone. */
    static boolean takesPart(RankSnapshot rank) {
        return rank.board().phase() == Phase.READY || rank.board().phase() == Phase.DRAINING;
    }
}
