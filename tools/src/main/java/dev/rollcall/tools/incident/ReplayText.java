package dev.rollcall.tools.incident;

import dev.rollcall.shm.board.Verdict;
import dev.rollcall.tools.console.Durations;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.Replay;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a replay is told. Any thread. */
final class ReplayText {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Incident saved;
    private final Replay replay;
    private final boolean sameLimits;

    ReplayText(Incident saved, Replay replay, boolean sameLimits) {
        this.saved = saved;
        this.replay = replay;
        this.sameLimits = sameLimits;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(verdictNanos(), "saved", saved.verdict().who() + ' ' + saved.verdict().kind() + ": "
                + saved.verdict().reason() + "; floor=" + floor(saved.limits().floorNanos())));
        for (Replay.Said said : replay.suspects()) {
            lines.add(line(said.atNanos(), said.finding().excuses() ? "excused" : "suspect", words(said.finding())));
        }
        Replay.Said act = replay.act();
        if (act != null) {
            lines.add(line(act.atNanos(), "act", words(act.finding())));
        }
        lines.add(conclusion(act));
        return lines.stream().map(ReplayText::printable).toList();
    }

    private String conclusion(Replay.@Nullable Said act) {
        if (sameLimits) {
            return replay.same() ? "the same verdict, word for word"
                    : "ANOTHER VERDICT than the saved one: written by another release, or changed since";
        }
        String with = "with floor=" + floor(replay.limits().floorNanos()) + " ";
        if (act == null) {
            return with + "nobody would have been acted on by then; what came later is not in the record";
        }
        long earlier = verdictNanos() - act.atNanos();
        return with + (earlier > 0 ? "it would have acted " + Durations.seconds(earlier) + " s earlier"
                : "it would have acted at the same time");
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("same", replay.same());
        line.put("floorMs", replay.limits().floorNanos() / NANOS_PER_MILLI);
        line.put("savedKind", saved.verdict().kind().name());
        line.put("savedRank", saved.verdict().rank());
        line.put("savedMs", milliseconds(verdictNanos()));
        line.put("suspects", replay.suspects().stream().map(this::json).toList());
        Replay.Said act = replay.act();
        line.put("act", act == null ? null : json(act));
        return line;
    }

    private Map<String, @Nullable Object> json(Replay.Said said) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("kind", said.finding().kind().name());
        line.put("rank", said.finding().rank());
        line.put("atMs", milliseconds(said.atNanos()));
        line.put("tick", said.tick());
        line.put("limitMs", said.finding().limitNanos() / NANOS_PER_MILLI);
        line.put("reason", said.finding().reason());
        return line;
    }

    private double milliseconds(long nanos) {
        return Math.round((nanos - zero()) / NANOS_PER_MILLI);
    }

    private String line(long nanos, String what, String words) {
        return String.format(Locale.ROOT, "%+7.2f s  %-8s %s", (nanos - zero()) / 1e9, what, words);
    }

    private static String words(Finding finding) {
        return who(finding.rank()) + ' ' + finding.kind() + ": " + finding.reason();
    }

    private static String who(int rank) {
        return switch (rank) {
            case Verdict.DRIVER -> "driver";
            case Verdict.NOBODY -> "nobody";
            default -> "rank " + rank;
        };
    }

    /** The tick the verdict was reached at: the clock findings are told by. */
    private long verdictNanos() {
        return saved.window().stream().filter(snapshot -> snapshot.tick() <= saved.verdictTick())
                .mapToLong(snapshot -> snapshot.atNanos()).max().orElse(saved.timeline().verdictNanos());
    }

    private long zero() {
        long progress = saved.timeline().lastProgressNanos();
        return progress != 0 ? progress : verdictNanos();
    }

    private static String floor(long nanos) {
        return Durations.brief(nanos).replace(" ", "");
    }

    /** A name that a process chose must not be able to drive the terminal of whoever reads this. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    }
}
