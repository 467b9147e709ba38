package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.tools.console.ProcessState;
import java.util.List;
import java.util.Locale;

/** What a rank is doing, in one word, from its board marks and the kernel's state letter; nothing that was injected is known here. */
final class RankLook {
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
            default -> inCollective(rank) ? "wait" : working(rank, state);
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

    static String collective(List<RankStatus> ranks) {
        long furthest = ranks.stream().mapToLong(RankLook::entered).max().orElse(0);
        long entered = ranks.stream().filter(r -> entered(r) == furthest).count();
        boolean waiting = ranks.stream().anyMatch(r -> entered(r) == furthest && inCollective(r));
        return !waiting || entered == ranks.size()
                ? ""
                : "all-reduce #" + furthest + ": " + entered + " entered, " + (ranks.size() - entered) + " missing";
    }

    private static long entered(RankStatus rank) {
        return rank.collectives().stream().mapToLong(CollectiveStatus::entered).max().orElse(0);
    }
}
