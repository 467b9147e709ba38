package dev.rollcall.tools.inspect;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.ReaderLag;
import dev.rollcall.shm.RingObserver;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.board.WatchdogStatus;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One group as its files show it at one moment; nothing is written, no lock is taken, and nobody need be alive.
 *
 * @param info     where it is
 * @param driver   the driver's block
 * @param ranks    the ranks' blocks
 * @param lags     how far each rank is behind in the request ring, in messages; -1 where it never joined
 * @param watchdog the watchdog's block
 * @param watched  whether a watchdog is attached now
 * @param inFlight calls the driver waits for
 * @param said     the verdict, or else the suspicion that stands
 */
record GroupView(GroupDirectory.Info info, DriverStatus driver, List<RankStatus> ranks, List<Long> lags,
        WatchdogStatus watchdog, boolean watched, List<InFlightCall> inFlight, @Nullable Verdict said) {

    /**
     * Reads a group.
     *
     * @return null for a folder without a board: a group being born or being removed
     * @throws RollcallException when its files are not of this version
     */
    static @Nullable GroupView read(GroupDirectory.Info info) {
        try (GroupDirectory directory = GroupDirectory.attach(info.path())) {
            if (!Files.exists(directory.boardFile())) {
                return null;
            }
            try (Board board = Board.open(directory.boardFile(), true)) {
                return read(info, directory, board);
            }
        }
    }

    private static GroupView read(GroupDirectory.Info info, GroupDirectory directory, Board board) {
        List<RankStatus> ranks = new ArrayList<>();
        for (int rank = 0; rank < board.workers(); rank++) {
            ranks.add(board.rank(rank));
        }
        boolean watched = board.isWatched();
        Verdict verdict = board.verdict();
        // a watchdog that is gone takes no suspicion back
        return new GroupView(info, board.driver(), ranks, lags(directory, board.workers()), board.watchdog(),
                watched, board.inFlight(), verdict != null || !watched ? verdict : board.suspect());
    }

    private static List<Long> lags(GroupDirectory directory, int workers) {
        List<Long> lags = new ArrayList<>();
        for (int rank = 0; rank < workers; rank++) {
            lags.add(-1L);
        }
        if (Files.exists(directory.requestRingFile())) {
            try (RingObserver ring = RingObserver.open(directory.requestRingFile())) {
                for (ReaderLag reader : ring.status().readers()) {
                    if (reader.slot() < workers) {
                        lags.set(reader.slot(), reader.messages());
                    }
                }
            }
        }
        return lags;
    }
}
