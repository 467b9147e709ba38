package dev.rollcall.watchdog;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How findings say things. Any thread. */
final class Phrases {
    private Phrases() {
    }

    static String time(long nanos) {
        return nanos < 10_000_000_000L ? String.format(Locale.ROOT, "%.2f s", nanos / 1e9)
                : String.format(Locale.ROOT, "%.0f s", nanos / 1e9);
    }

    /** "started call 151, all-reduce 297 of 298". */
    static String where(RankSnapshot rank, GroupView view) {
        RankStatus status = rank.board();
        StringBuilder text = new StringBuilder(80);
        if (GroupView.inCall(status)) {
            text.append("started call ").append(status.started());
        } else if (status.finished() > 0) {
            text.append("finished call ").append(status.finished());
        } else {
            text.append("no call yet");
        }
        if (status.received() > status.started()) {
            text.append(", received ").append(status.received());
        }
        GroupView.Wait missed = view.missedBy(rank);
        if (missed != null) {
            CollectiveStatus own = GroupView.collective(status, missed.collective().communicator());
            text.append(", ").append(operation(missed.collective())).append(' ')
                    .append(own == null ? 0 : own.entered()).append(" of ").append(missed.collective().entered());
        } else {
            inside(rank, view, text);
        }
        return text.toString();
    }

    private static void inside(RankSnapshot rank, GroupView view, StringBuilder text) {
        for (CollectiveStatus collective : rank.board().collectives()) {
            if (collective.inside()) {
                text.append(", inside ").append(operation(collective)).append(' ').append(collective.entered())
                        .append(view.isOvertaken(rank.board()) ? " that others have completed" : "");
                return;
            }
        }
    }

    private static String operation(CollectiveStatus collective) {
        return collective.op().isEmpty() ? "collective" : collective.op().replace('_', '-');
    }

    static String who(int rank) {
        return switch (rank) {
            case Verdict.DRIVER -> "driver";
            case Verdict.NOBODY -> "nobody";
            default -> "rank " + rank;
        };
    }

    /** "0-4,6,7". */
    static String ranks(long bits) {
        StringBuilder text = new StringBuilder();
        for (int from = Long.numberOfTrailingZeros(bits); from < Long.SIZE;) {
            int to = from;
            while (to + 1 < Long.SIZE && (bits >>> (to + 1) & 1) == 1) {
                to++;
            }
            text.append(text.isEmpty() ? "" : ",").append(from)
                    .append(to == from ? "" : (to == from + 1 ? "," : "-") + to);
            long rest = to + 1 < Long.SIZE ? bits & (-1L << (to + 1)) : 0;
            from = Long.numberOfTrailingZeros(rest);
        }
        return text.isEmpty() ? "none" : text.toString();
    }

    /** "call 151 execute_model/prefill". */
    static String call(RankStatus status) {
        return "call " + status.started() + ' ' + status.method()
                + (status.costClass().isEmpty() ? "" : "/" + status.costClass());
    }

    static long callOf(RankStatus status) {
        return GroupView.inCall(status) ? status.started() : 0;
    }

    /** State and place of a thread, as far as they could be read. */
    static String thread(@Nullable ThreadFacts thread) {
        if (thread == null) {
            return "thread state not readable";
        }
        return "state " + thread.state() + (thread.wchan().isEmpty() ? "" : " wchan=" + thread.wchan())
                + (thread.syscall().isEmpty() ? "" : " syscall=" + syscallNumber(thread.syscall()));
    }

    static String tracer(RankSnapshot rank) {
        ThreadFacts loop = rank.facts().loop();
        return loop == null || loop.tracerPid() <= 0 ? "" : " tracer=" + loop.tracerPid();
    }

    static long victims(GroupView view, int culprit) {
        return culprit < 0 ? view.victims() : view.victims() & ~(1L << culprit);
    }

    private static String syscallNumber(String syscall) {
        int end = syscall.indexOf(' ');
        return end < 0 ? syscall : syscall.substring(0, end);
    }
}
