package dev.rollcall.tools.hangsim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Saved rows of the matrix as a page: a pure function of them. Any thread. */
final class MatrixPage {
    private static final String COLUMNS =
            "| case | named | kind | limit ms | suspected p50/max ms | acted on p50/max ms"
                    + " | calls failed within ms | saved within ms | false suspects | false acts | runs | |";
    private static final String RULE = "|---|---|---|---|---|---|---|---|---|---|---|---|";

    private MatrixPage() {
    }

    /** Lines of the page for rows in the matrix's order, each as {@link MatrixRow#toJson()} has it and where it was run. */
    static List<String> of(Collection<JsonNode> rows) {
        List<String> page = new ArrayList<>(List.of("# The matrix, as run", "",
                "Written by `./rollcall hangsim matrix --record`, not by hand. Each row is one case with real processes: a driver, workers, and a"
                        + " watchdog that is told nothing of the fault.",
                "", sum(rows), ""));
        page.addAll(List.of("| | |", "|---|---|",
                "| machine | " + words(rows, "machine") + " |",
                "| build | " + words(rows, "build") + " |",
                "| run | " + range(rows, "at") + " |",
                "| load before a case | " + range(rows, "load")
                        + " (mean of a minute; eight workers and a driver are in it) |",
                ""));
        page.addAll(List.of("## Faults", "",
                "Times are milliseconds from the fault; what comes after the verdict counts from there. A driver that hangs cannot fail its calls: its"
                        + " owner does. An error that a rank reports itself needs no watchdog.",
                "",
                "Bars of each run: the right rank and kind; dead or reported by itself 0.3 s, stopped 0.8 s, else the limit + 0.3 s, with four hogs 3 s."
                        + " Of the middle one of three runs or more, without hogs: the limit + 0.1 s, calls failed in 50 ms, evidence complete in 2 s.",
                "", COLUMNS, RULE));
        rows.stream().filter(row -> row.path("fault").asBoolean()).map(MatrixPage::line).forEach(page::add);
        page.addAll(List.of("", "## Not faults", "",
                "Nobody may be acted on. What was said is in the last column; a suspicion that healed counts as false.",
                "", COLUMNS, RULE));
        rows.stream().filter(row -> !row.path("fault").asBoolean()).map(MatrixPage::line).forEach(page::add);
        return page;
    }

    private static String sum(Collection<JsonNode> rows) {
        long wrong = rows.stream().filter(row -> !row.path("ok").asBoolean()).count();
        List<String> notRun = rows.stream().filter(row -> row.path("notRun").isTextual())
                .map(row -> row.path("words").asText()).toList();
        return "**" + part(rows, true) + " faults named, rank and kind, in time; " + part(rows, false)
                + " that are none not acted on; " + total(rows, "falseActs") + " false acts, "
                + total(rows, "falseSuspects") + " false suspicions in " + total(rows, "runs") + " runs; " + wrong
                + " wrong; not run: " + (notRun.isEmpty() ? "none" : String.join(", ", notRun)) + ".**";
    }

    private static String part(Collection<JsonNode> rows, boolean faults) {
        List<JsonNode> part = rows.stream().filter(row -> row.path("fault").asBoolean() == faults).toList();
        return part.stream().filter(row -> row.path("ok").asBoolean() && !row.path("notRun").isTextual()).count()
                + " of " + part.size();
    }

    private static long total(Collection<JsonNode> rows, String key) {
        return rows.stream().mapToLong(row -> row.path(key).asLong()).sum();
    }

    private static String line(JsonNode row) {
        return Stream.of(row.path("words").asText(), text(row, "named"), text(row, "kind"), number(row, "limitMs"),
                pair(row, "suspectMs"), pair(row, "actMs"), number(row, "failedWithinMsMax"),
                number(row, "savedWithinMsMax"), text(row, "falseSuspects"), text(row, "falseActs"), text(row, "runs"),
                verdict(row)).collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String verdict(JsonNode row) {
        if (row.path("notRun").isTextual()) {
            return "not run: " + safe(row.path("notRun").asText());
        }
        String said = row.path("mentioned").asText();
        List<String> wrong = new ArrayList<>();
        row.path("wrong").forEach(each -> wrong.add(safe(each.asText())));
        return (wrong.isEmpty() ? "ok" : "**wrong**: " + String.join("; ", wrong))
                + (row.path("fault").asBoolean() || said.isEmpty() ? "" : ", said " + safe(said));
    }

    private static String text(JsonNode row, String key) {
        String text = row.path("notRun").isTextual() ? "" : safe(row.path(key).asText());
        return text.isEmpty() ? "-" : text;
    }

    /** A limit of 0 is none. */
    private static String number(JsonNode row, String key) {
        boolean none = !row.path(key).isNumber() || (key.equals("limitMs") && row.path(key).asLong() == 0);
        return none ? "-" : row.path(key).asText();
    }

    private static String pair(JsonNode row, String key) {
        return row.path(key + "P50").isNumber() ? row.path(key + "P50").asText() + "/" + row.path(key + "Max").asText()
                : "-";
    }

    private static String words(Collection<JsonNode> rows, String key) {
        return rows.stream().map(row -> safe(row.path(key).asText())).distinct().collect(Collectors.joining("; "));
    }

    private static String range(Collection<JsonNode> rows, String key) {
        List<String> sorted = rows.stream().map(row -> row.path(key))
                .sorted((one, other) -> one.isNumber() ? Double.compare(one.asDouble(), other.asDouble())
                        : one.asText().compareTo(other.asText()))
                .map(JsonNode::asText).toList();
        return sorted.isEmpty() || Objects.equals(sorted.getFirst(), sorted.getLast()) ? words(rows, key)
                : sorted.getFirst() + " to " + sorted.getLast();
    }

    /** No cell ends early. */
    private static String safe(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace('\n', ' ');
    }
}
