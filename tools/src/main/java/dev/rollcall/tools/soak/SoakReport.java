package dev.rollcall.tools.soak;

import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.tools.console.Counted;
import dev.rollcall.tools.console.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** What a soak came to, in words and as JSON. */
final class SoakReport {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MICROS_PER_MILLI = 1e3;
    private static final long KB_PER_MB = 1024;
    private static final Map<String, Double> PERCENTILES = percentiles();

    private final long nanos;
    private final long seed;
    private final int workers;
    private final Ledger ledger;
    private final CollectiveExecutor.Counters counters;
    private final Faults faults;
    private final Overseer overseer;
    private final int launched;
    private final List<Vitals> vitals;
    private final List<String> problems;

    SoakReport(long nanos, long seed, int workers, Ledger ledger, CollectiveExecutor.Counters counters, Faults faults,
            Overseer overseer, int launched, List<Vitals> vitals, List<String> problems) {
        this.nanos = nanos;
        this.seed = seed;
        this.workers = workers;
        this.ledger = ledger;
        this.counters = counters;
        this.faults = faults;
        this.overseer = overseer;
        this.launched = launched;
        this.vitals = vitals;
        this.problems = problems;
    }

    static List<Overseer.Said> falseAlarms(Overseer overseer, Faults faults) {
        return overseer.said().stream().filter(said -> !faults.deserved(said.process(), said.verdict().kind()))
                .toList();
    }

    /** What must not have happened; empty for a pass. */
    List<String> problems() {
        return problems;
    }

    List<String> lines(Style style) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "soak of %.0f s, seed %d, %s, %s started",
                nanos / NANOS_PER_SECOND, seed, Counted.of(workers, "worker"),
                Counted.of(launched, "process", "processes")));
        lines.add("calls       " + ledger.made() + " made, " + words(ledger.outcomes()) + "; " + ledger.stillOpen()
                + " open, " + ledger.endedTwice() + " ended twice, "
                + Counted.of(ledger.wrong(), "wrong reply", "wrong replies"));
        lines.add("epochs      " + Counted.of(counters.groupFailures(), "failure") + ", "
                + Counted.of(counters.restarts(), "restart") + "; " + Counted.of(counters.retried(), "call")
                + " made again, " + Counted.of(counters.lateReplies(), "late reply", "late replies") + " dropped");
        lines.add("done to it  " + words(faults.counts()) + also());
        lines.add("verdicts    " + words(overseer.verdicts()) + "; "
                + Counted.of(falseAlarms(overseer, faults).size(), "false alarm")
                + ", " + Counted.of(overseer.suspects(), "suspicion") + ", "
                + Counted.of(overseer.excuses(), "excuse"));
        lines.add("completed   " + latencies().entrySet().stream()
                .map(each -> String.format(Locale.ROOT, "%s %.1f ms", each.getKey(), each.getValue()))
                .collect(Collectors.joining(", ")) + " (restarts included)");
        lines.add("driver at        RSS      heap  descriptors  to groups  threads");
        for (Vitals each : vitals) {
            lines.add(String.format(Locale.ROOT, "%7d s  %6d MB  %5d MB  %11d  %9d  %7d", each.second(),
                    each.rssKb() / KB_PER_MB, each.heapKb() / KB_PER_MB, each.descriptors(), each.ours(),
                    each.threads()));
        }
        lines.add("flat        the last may be above the one before by: " + Vitals.bounds(workers));
        for (String problem : problems) {
            lines.add(style.bad("problem") + "     " + printable(problem));
        }
        lines.add(
                problems.isEmpty() ? style.good("PASS") : style.bad("FAIL") + "  again: rollcall soak --seed " + seed);
        return lines;
    }

    private String also() {
        return (faults.overdue() > 0 ? "; " + Counted.of(faults.overdue(), "pause") + " became long on this machine"
                : "")
                + (faults.refusedRestarts() > 0
                        ? "; " + Counted.of(faults.refusedRestarts(), "restart") + " overtaken by a failure"
                        : "");
    }

    Map<String, Object> json() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("pass", problems.isEmpty());
        line.put("seed", seed);
        line.put("seconds", nanos / NANOS_PER_SECOND);
        line.put("workers", workers);
        line.put("processes", launched);
        line.put("calls", ledger.made());
        line.put("outcomes", ledger.outcomes());
        line.put("open", ledger.stillOpen());
        line.put("endedTwice", ledger.endedTwice());
        line.put("wrongReplies", ledger.wrong());
        line.put("groupFailures", counters.groupFailures());
        line.put("restarts", counters.restarts());
        line.put("retried", counters.retried());
        line.put("lateReplies", counters.lateReplies());
        line.put("faults", faults.counts());
        line.put("pausesBecameLong", faults.overdue());
        line.put("verdicts", overseer.verdicts());
        line.put("falseAlarms", falseAlarms(overseer, faults).size());
        line.put("suspicions", overseer.suspects());
        line.put("excuses", overseer.excuses());
        line.put("latencyMs", latencies());
        line.put("driver", vitals.stream().map(Vitals::json).toList());
        line.put("problems", problems);
        return line;
    }

    private Map<String, Double> latencies() {
        Histogram micros = ledger.latencies();
        Map<String, Double> millis = new LinkedHashMap<>();
        PERCENTILES.forEach((name, at) -> millis.put(name, micros.getValueAtPercentile(at) / MICROS_PER_MILLI));
        return millis;
    }

    private static Map<String, Double> percentiles() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("p50", 50.0);
        all.put("p90", 90.0);
        all.put("p99", 99.0);
        all.put("p99.9", 99.9);
        all.put("max", 100.0);
        return all;
    }

    private static String words(Map<String, Long> counts) {
        return counts.isEmpty() ? "none"
                : counts.entrySet().stream().map(each -> each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", "));
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    }
}
