package dev.rollcall.tools.inspect;

import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.tools.console.Counted;
import dev.rollcall.tools.console.ProcessState;
import dev.rollcall.tools.console.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A group as a table for people. Any thread. */
final class GroupTable {
    private final Style style;

    GroupTable(Style style) {
        this.style = style;
    }

    List<String> lines(GroupView group) {
        List<String> lines = new ArrayList<>();
        lines.add(style.strong(group.info().group() + "-" + group.info().epoch()) + "  "
                + (group.info().live() ? style.good("live") : style.bad("dead") + " (rollcall clean removes it)") + "  "
                + Counted.of(group.ranks().size(), "worker") + ", " + Counted.of(group.inFlight().size(), "call")
                + " in flight, "
                + watchdog(group));
        lines.add(style.faint(row("rank", "pid", "state", "phase", "lag", "method")));
        lines.add(row("driver", pid(group.driver().process()), state(group.driver().process(),
                group.driver().loopThreadId()), group.driver().phase().name(), "",
                "issued " + group.driver().lastIssued()
                        + ", completed " + group.driver().completed() + ", failed " + group.driver().failed()));
        for (RankStatus rank : group.ranks()) {
            String line = row(Integer.toString(rank.rank()), pid(rank.process()),
                    state(rank.process(), rank.loopThreadId()), rank.phase().name(), lag(group.lags().get(rank.rank())),
                    method(rank));
            Verdict said = group.said();
            lines.add(said != null && said.rank() == rank.rank() ? style.bad(line) : line);
        }
        lines.add("  " + verdict(group.said()));
        return lines;
    }

    private static String row(String rank, String pid, String state, String phase, String lag, String method) {
        return String.format(Locale.ROOT, "  %-7s %8s %-5s %-9s %6s  %s", rank, pid, state,
                phase.toLowerCase(Locale.ROOT), lag, method).stripTrailing();
    }

    static String method(RankStatus rank) {
        String name = rank.method() + (rank.costClass().isEmpty() ? "" : "/" + rank.costClass());
        return rank.busy() ? name + " call " + rank.started() : "idle" + (name.isEmpty() ? "" : ", last " + name);
    }

    private static String lag(long messages) {
        return messages < 0 ? "-" : Long.toString(messages);
    }

    private static String pid(@Nullable ProcessIdentity process) {
        return process == null ? "-" : Integer.toString(process.pid());
    }

    private static String state(@Nullable ProcessIdentity process, int tid) {
        return Character.toString(process == null ? ProcessState.GONE : ProcessState.of(process, tid));
    }

    private static String watchdog(GroupView group) {
        ProcessIdentity process = group.watchdog().process();
        if (!group.watched() || process == null) {
            return "no watchdog";
        }
        return "watchdog pid " + process.pid() + (group.watchdog().enforce() ? " (enforce)" : " (observe)");
    }

    private String verdict(@Nullable Verdict said) {
        if (said == null) {
            return "verdict: none";
        }
        String line = switch (said.tier()) {
            case ACT -> "verdict: ";
            case SUSPECT -> "suspect: ";
        } + said.who() + " " + said.kind() + ", " + said.reason()
                + (said.incident().isEmpty() ? "" : ", see " + said.incident());
        return style.bad(line);
    }
}
