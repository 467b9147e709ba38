package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Says what a saved folder holds: as text for a terminal, and as the page RESULTS.md. */
final class Results {
    private static final List<String> MACHINE =
            List.of("cpu", "cores", "virtual", "caches", "memory", "kernel", "clock", "jdk",
                    "gcc", "build", "libraries", "started");
    private final Saved saved;
    private final List<Case> cases;
    private final List<Row> rows;

    Results(Saved saved, List<Case> cases) {
        this.saved = saved;
        this.cases = cases;
        this.rows = new Rows(saved.runs()).all(cases);
    }

    /** For a terminal. */
    String text() {
        StringBuilder text = new StringBuilder();
        JsonNode machine = saved.machine();
        for (String key : MACHINE) {
            if (!machine.path(key).asText().isEmpty()) {
                text.append(String.format(Locale.ROOT, "%-10s %s%n", key, machine.path(key).asText()));
            }
        }
        text.append(load()).append('\n').append(rules()).append("\n\n").append(table(rows, true).text());
        return text.append('\n').append(count()).append('\n').toString();
    }

    private String load() {
        double[] loads = saved.runs().stream().mapToDouble(RunLine::load).toArray();
        return String.format(Locale.ROOT,
                "%-10s median %.1f, worst %.1f (mean of a minute, before each run; the runs are in it)",
                "load", Interval.median(loads), Arrays.stream(loads).max().orElse(0));
    }

    private String rules() {
        String shortened = saved.machine().path("scale").asDouble(1) == 1
                ? ""
                : " SHORTENED RUNS, scale " + saved.machine().path("scale").asText() + ": no figures to be quoted.";
        return "Ratios are rollcall by peer, of pairs run within seconds of each other; [low, high] holds their median with at least 95 %"
                + " confidence (order statistics, as in the sign test). A bar is met or missed when all of it lies on that side."
                + shortened;
    }

    private static TextTable table(List<Row> rows, boolean withCase) {
        TextTable table = withCase
                ? new TextTable("case", "peer (mode)", "figure", "pairs", "rollcall", "peer", "ratio [95 %]", "bar",
                        "verdict")
                : new TextTable("peer (mode)", "figure", "pairs", "rollcall", "peer", "ratio [95 %]", "bar", "verdict");
        for (Row row : rows) {
            String[] cells = {row.work().title(), row.peerAndMode(), row.metric().title(),
                    Integer.toString(row.ratio().count()), row.ownText(), row.theirText(), row.ratioText(), row.bar(),
                    row.verdictText()};
            table.add(withCase ? cells : Arrays.copyOfRange(cells, 1, cells.length));
        }
        return table;
    }

    private String count() {
        Map<Verdict, Long> bars = count(false);
        Map<Verdict, Long> aims = count(true);
        return "bars: " + said(bars) + (aims.isEmpty() ? "" : "; aims: " + said(aims));
    }

    private static String said(Map<Verdict, Long> counts) {
        return counts.getOrDefault(Verdict.MET, 0L) + " met, " + counts.getOrDefault(Verdict.MISSED, 0L) + " missed, "
                + counts.getOrDefault(Verdict.UNDECIDED, 0L) + " undecided";
    }

    private Map<Verdict, Long> count(boolean aims) {
        Map<Verdict, Long> counts = new TreeMap<>();
        rows.stream().filter(row -> row.verdict() != null && row.aim() == aims)
                .forEach(row -> counts.merge(Objects.requireNonNull(row.verdict()), 1L, Long::sum));
        return counts;
    }

    /** Writes the page, and its charts into the folder {@code results} beside it. */
    void write(Path page) {
        Path beside = Objects.requireNonNullElse(page.toAbsolutePath().getParent(), Path.of("/"));
        Map<String, String> charts = new Charts(saved).write(beside.resolve("results"), cases);
        try {
            Files.writeString(page, markdown(charts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String markdown(Map<String, String> charts) {
        StringBuilder page =
                new StringBuilder("# Results\n\nWritten by `./rollcall bench compare --report` from the saved runs in"
                        + " [results](results); not by hand, but for the notes. How to measure again:"
                        + " [README](README.md#benchmarks).\n\n**"
                        + capital(count()) + ".**\n\n");
        page.append("## What was measured, on what\n\n").append(machine()).append('\n').append(Rules.TEXT).append('\n')
                .append(rules()).append("\n\n");
        page.append("## What was missed, what is undecided\n\n");
        List<Row> open =
                rows.stream().filter(row -> row.verdict() == Verdict.MISSED || row.verdict() == Verdict.UNDECIDED)
                        .toList();
        page.append(open.isEmpty() ? "Nothing.\n" : table(open, true).markdown());
        String notes = saved.notes();
        page.append(notes.isEmpty() ? ""
                : "\nThe rest of this part people have written, in [notes.md](results/notes.md).\n\n"
                        + notes + "\n");
        page.append("\n## Figures\n");
        for (Case work : cases) {
            List<Row> own = rows.stream().filter(row -> row.work().equals(work)).toList();
            if (!own.isEmpty()) {
                page.append("\n### ").append(work.title()).append("\n\n").append(table(own, false).markdown());
            }
        }
        page.append(saved.hotFigures().markdown());
        page.append(saved.proofs().markdown());
        if (!charts.isEmpty()) {
            page.append("\n## Charts\n");
            charts.forEach((title, file) -> page.append("\n![").append(title).append("](results/").append(file)
                    .append(")\n"));
        }
        return page.toString();
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private String machine() {
        TextTable table = new TextTable("", "");
        JsonNode machine = saved.machine();
        for (String key : MACHINE) {
            if (!machine.path(key).asText().isEmpty()) {
                table.add(key, machine.path(key).asText());
            }
        }
        table.add("load", load().substring("load".length()).strip());
        return table.markdown();
    }
}
