package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.tools.console.Counted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All runs of one case, and what was wrong with them: a pure function of what was seen. Any thread.
 *
 * @param what   the case
 * @param runs   what was seen, run by run
 * @param notRun why this machine does not allow it, null when it was run
 */
record MatrixRow(MatrixCase what, List<Outcome> runs, @Nullable String notRun) {
    /** An ended process; a rank that reports its own error. */
    private static final long DEAD_MS = 300;
    private static final long STOPPED_MS = 800;
    /** What may pass beyond a limit at most, and half of the time. */
    private static final long PAST_LIMIT_MS = 300;
    private static final long PAST_LIMIT_P50_MS = 100;
    /** From the fault to the verdict when the machine has other work. */
    private static final long BUSY_MS = 3_000;
    /** From the verdict on. */
    private static final long FAILED_MS = 50;
    private static final long SAVED_MS = 2_000;
    /** A p50 of less is a single value. */
    private static final int RUNS_FOR_P50 = 3;

    /** Copies the list. */
    MatrixRow {
        runs = List.copyOf(runs);
    }

    boolean isOk() {
        return wrong().isEmpty();
    }

    /** What was wrong; nothing for a row that was not run. */
    List<String> wrong() {
        List<String> wrong = new ArrayList<>();
        for (Outcome run : runs) {
            if (run.trouble() != null) {
                wrong.add(run.trouble());
            }
            if (what.isFault()) {
                named(run, wrong);
            } else if (run.namedRank() != null) {
                wrong.add("acted on " + Report.who(run.namedRank()) + " " + run.kind());
            }
            RequestLedger.Account account = run.account();
            if (account.lost() != 0 || account.duplicated() != 0 || run.leftovers() != 0) {
                wrong.add(Counted.of(account.lost(), "request") + " lost, " + account.duplicated() + " doubled, "
                        + Counted.of(run.leftovers(), "process or folder", "processes or folders") + " left");
            }
        }
        if (wrong.isEmpty() && what.isFault() && runs.size() >= RUNS_FOR_P50 && !what.isBusyMachine()) {
            halfAbove(MatrixRow::pastLimit, PAST_LIMIT_P50_MS, "verdicts came", "after the limit", wrong);
            halfAbove(MatrixRow::failedWithin, FAILED_MS, "calls failed", "after the verdict", wrong);
            halfAbove(MatrixRow::savedWithin, SAVED_MS, "incidents were complete", "after the verdict", wrong);
        }
        return wrong;
    }

    private void halfAbove(Function<Outcome, @Nullable Long> value, long bar, String they, String after,
            List<String> wrong) {
        Long half = p50(value);
        if (half != null && half > bar) {
            wrong.add("half of the " + they + " more than " + half + " ms " + after + ", allowed " + bar);
        }
    }

    private void named(Outcome run, List<String> wrong) {
        SimOptions options = run.options();
        String error = what.fault().reportedError();
        if (error != null) {
            Watch.Reported reported = run.more().reported();
            if (reported == null || !options.isVictim(reported.rank()) || !reported.type().equals(error)) {
                wrong.add("not reported: " + error + " of " + options.victim());
            }
        } else if (run.namedRank() == null || !options.isVictim(run.namedRank())
                || run.kind() != what.fault().expectedKind(options.atDriver())) {
            wrong.add("named " + (run.namedRank() == null ? "nobody"
                    : Report.who(run.namedRank()) + " " + run.kind()) + ", it was " + options.victim() + " "
                    + what.fault().expectedKind(options.atDriver()));
        }
        if (!run.more().alsoNamed()) {
            wrong.add("the second victim is not in the incident");
        }
        Long detect = detectMs(run);
        long bar = bar(run);
        if (detect != null && detect > bar) {
            wrong.add("named after " + detect + " ms, allowed " + bar);
        }
        if (run.more().falseSuspects() > 0 && run.namedRank() != null && !options.isVictim(run.namedRank())) {
            wrong.add("somebody else was suspected and convicted");
        }
    }

    /** From the fault to the moment somebody was named. */
    private static @Nullable Long detectMs(Outcome run) {
        return run.detectMs();
    }

    private long bar(Outcome run) {
        if (what.isBusyMachine()) {
            return BUSY_MS;
        }
        HangKind kind = what.fault().expectedKind(run.options().atDriver());
        if (kind == null || kind == HangKind.DEAD) {
            return DEAD_MS;
        }
        return kind == HangKind.STOPPED ? STOPPED_MS : Objects.requireNonNullElse(run.limitMs(), 0L) + PAST_LIMIT_MS;
    }

    private static @Nullable Long pastLimit(Outcome run) {
        Long detect = run.detectMs();
        Long limit = run.limitMs();
        return detect == null || limit == null || limit == 0 ? null : detect - limit;
    }

    /** Who and what was named, the same in all runs or the differences one after the other. */
    String named() {
        return joined(run -> {
            Watch.Reported reported = run.more().reported();
            if (run.namedRank() != null) {
                return Report.who(run.namedRank());
            }
            return reported != null && what.fault().reportedError() != null ? Report.who(reported.rank()) : "-";
        });
    }

    String kind() {
        return joined(run -> {
            Watch.Reported reported = run.more().reported();
            if (run.kind() != null) {
                return run.kind().name();
            }
            return reported != null && what.fault().reportedError() != null ? reported.type() : "-";
        });
    }

    /** What was said and not acted on. */
    String mentioned() {
        return String.join(", ", runs.stream().flatMap(run -> run.more().mentioned().stream()).distinct().toList());
    }

    private String joined(Function<Outcome, String> word) {
        return String.join(" / ", runs.stream().map(word).distinct().toList());
    }

    /** How long the longest took, where that is known. */
    @Nullable
    Long lastedMs() {
        return max(run -> run.more().lastedMs());
    }

    int falseSuspects() {
        return runs.stream().mapToInt(run -> run.more().falseSuspects()).sum();
    }

    int falseActs() {
        return (int) runs.stream().filter(run -> run.namedRank() != null
                && (!what.isFault() || !run.options().isVictim(run.namedRank()))).count();
    }

    @Nullable
    Long p50(Function<Outcome, @Nullable Long> value) {
        List<Long> sorted = sorted(value);
        return sorted.isEmpty() ? null : sorted.get((sorted.size() - 1) / 2);
    }

    @Nullable
    Long max(Function<Outcome, @Nullable Long> value) {
        List<Long> sorted = sorted(value);
        return sorted.isEmpty() ? null : sorted.getLast();
    }

    private List<Long> sorted(Function<Outcome, @Nullable Long> value) {
        return runs.stream().map(value).filter(Objects::nonNull).sorted().toList();
    }

    /** From the verdict to the last failed request. */
    static @Nullable Long failedWithin(Outcome run) {
        Long failed = run.failMs();
        Long detect = run.detectMs();
        return failed == null || detect == null ? null : failed - detect;
    }

    /** From the verdict to the sealed evidence. */
    static @Nullable Long savedWithin(Outcome run) {
        Long saved = run.savedMs();
        Long detect = run.detectMs();
        return saved == null || detect == null ? null : saved - detect;
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("case", what.option());
        line.put("words", what.words());
        line.put("fault", what.isFault());
        line.put("notRun", notRun);
        line.put("runs", runs.size());
        line.put("named", named());
        line.put("kind", kind());
        line.put("limitMs", max(Outcome::limitMs));
        line.put("suspectMsP50", p50(run -> run.more().suspectMs()));
        line.put("suspectMsMax", max(run -> run.more().suspectMs()));
        line.put("actMsP50", p50(Outcome::detectMs));
        line.put("actMsMax", max(Outcome::detectMs));
        line.put("failedWithinMsMax", max(MatrixRow::failedWithin));
        line.put("savedWithinMsMax", max(MatrixRow::savedWithin));
        line.put("falseSuspects", falseSuspects());
        line.put("falseActs", falseActs());
        line.put("mentioned", mentioned());
        line.put("wrong", wrong());
        line.put("ok", isOk());
        return line;
    }
}
