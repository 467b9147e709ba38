package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.tools.console.ProcessState;
import java.util.List;
import java.util.Locale;

/** What a rank is doing, in one word, from its board marks and the kernel's state letter; nothing that was injected is known here. */
final class RankLook {
    private static final String WAITS = "wait";

    private RankLook() {
    }

    static Report.RankWord of(RankStatus rank, boolean dead, boolean named) {
        ProcessIdentity process = rank.process();
        char state = dead || process == null ? ProcessState.GONE : ProcessState.of(process, rank.loopThreadId());
        String word = word(rank, state);
        boolean standsOut = named || word.equals("STOP") || word.equals("DEAD");
        return new Report.RankWord(named ? word.toUpperCase(Locale.ROOT) : word, standsOut);
    }

    private static String word(RankStatus rank, char state) {
        return switch (state) {
            case 'T' -> "STOP";
            case 't' -> "held";
            case 'Z', 'X', ProcessState.GONE -> "DEAD";
            default -> inCollective(rank) ? WAITS : working(rank, state);
        };
    }

    private static String working(RankStatus rank, char state) {
        if (!rank.busy()) {
            return "idle";
        }
        return state == 'R' ? "run" : "held";
    }

    private static boolean inCollective(RankStatus rank) {
        return rank.collectives().stream().anyMatch(CollectiveStatus::inside);
    }

    /** Who is on its way out of the collective before, and waits by its word, is not missing. */
    static String collective(List<RankStatus> ranks, List<Report.RankWord> words) {
        long furthest = ranks.stream().mapToLong(RankLook::entered).max().orElse(0);
        boolean waiting = ranks.stream().anyMatch(r -> entered(r) == furthest && inCollective(r));
        int entered = 0;
        int missing = 0;
        for (int rank = 0; rank < ranks.size(); rank++) {
            boolean there = entered(ranks.get(rank)) == furthest;
            entered += there ? 1 : 0;
            missing += there || words.get(rank).text().equals(WAITS) ? 0 : 1;
        }
        return !waiting || missing == 0 ? ""
                : "all-reduce #" + furthest + ": " + entered + " entered, " + missing + " missing";
    }

    private static long entered(RankStatus rank) {
        return rank.collectives().stream().mapToLong(CollectiveStatus::entered).max().orElse(0);
    }
}
