package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.Verdict;
import dev.rollcall.tools.console.Counted;
import dev.rollcall.tools.console.Durations;
import dev.rollcall.tools.console.Style;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The words and columns of the timeline: values in, lines out, nothing else. Any thread. */
final class Report {
    private static final int RANKS_PER_ROW = 16;
    private static final int BAR = 28;
    private static final int OTHERS_SECONDS = 300;
    private static final String INDENT = "         ";

    private final Style style;

    Report(Style style) {
        this.style = style;
    }

    String ready(String group, int workers, long readyNanos, int watchdogPid) {
        return "group " + style.strong(group) + ": " + Counted.of(workers, "worker") + " ready in "
                + Durations.brief(Math.max(readyNanos, 100_000_000L)) + ", watchdog pid " + watchdogPid;
    }

    String pids(int driverPid, List<Integer> workerPids) {
        StringBuilder line = new StringBuilder("pids  driver " + driverPid + ", ranks");
        workerPids.forEach(pid -> line.append(' ').append(pid));
        return style.faint(line.toString());
    }

    String healthy(long nanos, double p50Ms, double p99Ms, long completed) {
        String steps = p50Ms == 0 ? "" : String.format(Locale.ROOT, "step p50 %.0f ms p99 %.0f ms, ", p50Ms, p99Ms);
        return "healthy " + Durations.brief(nanos) + ": " + steps + Counted.of(completed, "request") + " ok";
    }

    String event(long nanos, String word, String text) {
        String padded = String.format(Locale.ROOT, "%-7s", word);
        String painted = switch (word) {
            case "INJECT", "VERDICT", "WOULD" -> style.bad(padded);
            case "GONE", "SAVED" -> style.good(padded);
            default -> style.strong(padded);
        };
        return String.format(Locale.ROOT, "+%s s  %s  %s", Durations.seconds(nanos), painted, text);
    }

    List<String> detail(Verdict verdict, int workers, long worstStallNanos) {
        String stall = "watchdog's worst stall since its start " + Durations.brief(worstStallNanos);
        return List.of(
                INDENT + "why      " + verdict.reason(),
                INDENT + "victims  " + String.format(Locale.ROOT, "%-15s", victims(verdict.victims(), workers))
                        + " " + stall);
    }

    /** One column per rank, sixteen to a row. */
    List<String> ranks(List<RankWord> words, String note) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < words.size(); from += RANKS_PER_ROW) {
            int to = Math.min(words.size(), from + RANKS_PER_ROW);
            StringBuilder numbers = new StringBuilder(" rank");
            StringBuilder states = new StringBuilder("     ");
            for (int rank = from; rank < to; rank++) {
                numbers.append(String.format(Locale.ROOT, "%5d", rank));
                RankWord word = words.get(rank);
                String padded = String.format(Locale.ROOT, "%5s", word.text());
                states.append(word.standsOut() ? style.bad(padded) : padded);
            }
            lines.add(numbers.toString());
            lines.add(states + (to == words.size() && !note.isEmpty() ? "     " + note : ""));
        }
        return lines;
    }

    List<String> comparison(long detectNanos) {
        int hashes = Math.clamp(detectNanos * BAR / (OTHERS_SECONDS * 1_000_000_000L), 1, BAR);
        return List.of(
                "rollcall    " + style.good(String.format(Locale.ROOT, "%-" + BAR + "s", "#".repeat(hashes))) + " "
                        + Durations.seconds(detectNanos) + " s",
                OTHERS_SECONDS + " s rule  " + style.bad("#".repeat(BAR)) + " " + OTHERS_SECONDS
                        + " s, no rank   (documented default of others, not measured)");
    }

    String account(Outcome seen) {
        return "requests: " + seen.account().completed() + " completed, " + seen.account().failed() + " failed, "
                + seen.account().lost() + " lost, " + seen.account().duplicated() + " doubled; "
                + Counted.of(seen.falseAlarms(), "false alarm");
    }

    /** Requests are what users ask, calls what the group is asked: the incident knows only of these. */
    static String failed(long requests, long of, long calls) {
        return requests + " of " + Counted.of(of, "request") + " in flight"
                + (calls == 0 ? "" : " (" + Counted.of(calls, "call") + ")");
    }

    List<String> judgement(List<String> faults, String next) {
        if (faults.isEmpty()) {
            return List.of(style.good("PASS") + "  " + next);
        }
        List<String> lines = new ArrayList<>();
        for (String fault : faults) {
            lines.add(style.bad("FAIL") + "  " + fault);
        }
        return lines;
    }

    /** The report of an incident, relative to where the user stands. */
    static String shown(@Nullable String incident) {
        if (incident == null || incident.isEmpty()) {
            return "(no incident folder)";
        }
        Path here = Path.of("").toAbsolutePath();
        Path file = Path.of(incident).toAbsolutePath().resolve("report.html");
        return (file.startsWith(here) ? here.relativize(file) : file).toString();
    }

    /** "rank 5", "driver", "nobody". */
    static String who(int rank) {
        return switch (rank) {
            case Verdict.DRIVER -> "driver";
            case Verdict.NOBODY -> "nobody";
            default -> "rank " + rank;
        };
    }

    /** Ranks of a mask, neighbours joined: {@code 0-4, 6, 7}. */
    static String victims(long mask, int workers) {
        List<String> parts = new ArrayList<>();
        for (int rank = 0; rank < workers; rank++) {
            int first = rank;
            while (rank + 1 < workers && in(mask, first) && in(mask, rank + 1)) {
                rank++;
            }
            if (in(mask, first)) {
                if (rank - first > 1) {
                    parts.add(first + "-" + rank);
                } else {
                    for (int each = first; each <= rank; each++) {
                        parts.add(Integer.toString(each));
                    }
                }
            }
        }
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }

    private static boolean in(long mask, int rank) {
        return (mask >>> rank & 1) != 0;
    }

    /**
     * What a rank is doing, in a column's width.
     *
     * @param text      at most five letters
     * @param standsOut whether the eye should stop there
     */
    record RankWord(String text, boolean standsOut) {
    }
}
