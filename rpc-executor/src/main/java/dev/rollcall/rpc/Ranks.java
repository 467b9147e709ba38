package dev.rollcall.rpc;

import java.util.List;
import java.util.stream.IntStream;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.RankStatus;

/** What each rank has done so far, in words. Any thread. */
final class Ranks {

    private Ranks() {
    }

    static List<String> lines(Board board) {
        return IntStream.range(0, board.workers()).mapToObj(rank -> line(board.rank(rank))).toList();
    }

    private static String line(RankStatus rank) {
        return "rank=" + rank.rank() + " phase=" + rank.phase() + " received=" + rank.received() + " started="
                + rank.started() + " finished=" + rank.finished() + " replied=" + rank.replied()
                + (rank.started() > rank.finished() ? " method=" + rank.method() : "");
    }
}
