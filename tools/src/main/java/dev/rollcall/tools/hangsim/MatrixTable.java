package dev.rollcall.tools.hangsim;

import dev.rollcall.tools.console.Counted;
import dev.rollcall.tools.console.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The matrix in columns: rows in, lines out. Any thread. */
final class MatrixTable {
    private final Style style;

    MatrixTable(Style style) {
        this.style = style;
    }

    List<String> head() {
        return List.of(
                style.strong(
                        line("", "", "", "limit", "suspected", "acted on", "failed", "saved", "false", "false", "")),
                style.strong(line("case", "named", "kind", "ms", "p50/max ms", "p50/max ms", "after ms", "after ms",
                        "suspects", "acts", "")));
    }

    List<String> row(MatrixRow row) {
        List<String> lines = new ArrayList<>();
        if (row.notRun() != null) {
            lines.add(line(row.what().words(), "-", "-", "-", "-", "-", "-", "-", "-", "-",
                    style.warn("not run") + ": " + row.notRun()));
            return lines;
        }
        String mentioned = row.mentioned();
        lines.add(line(row.what().words(), row.named(), row.kind(), one(row.max(Outcome::limitMs)),
                two(row, run -> run.more().suspectMs()), two(row, Outcome::detectMs),
                one(row.max(MatrixRow::failedWithin)), one(row.max(MatrixRow::savedWithin)),
                Integer.toString(row.falseSuspects()),
                Integer.toString(row.falseActs()),
                (row.isOk() ? style.good("ok") : style.bad("FAIL"))
                        + (row.lastedMs() == null ? "" : "  lasted " + row.lastedMs() + " ms")
                        + (row.what().isFault() || mentioned.isEmpty() ? "" : "  said: " + mentioned)));
        row.wrong().stream().distinct().forEach(wrong -> lines.add("    " + style.bad(wrong)));
        return lines;
    }

    String sum(List<MatrixRow> rows) {
        long faults = rows.stream().filter(row -> row.what().isFault() && row.notRun() == null).count();
        long fine = rows.stream().filter(row -> !row.what().isFault() && row.notRun() == null).count();
        long wrong = rows.stream().filter(row -> !row.isOk()).count();
        long notRun = rows.stream().filter(row -> row.notRun() != null).count();
        return (wrong == 0 ? style.good("PASS") : style.bad("FAIL")) + "  " + Counted.of(faults, "fault") + ", "
                + Counted.of(fine, "that is none", "that are none") + ", " + wrong + " wrong, " + notRun + " not run";
    }

    private static String two(MatrixRow row, Function<Outcome, @Nullable Long> value) {
        Long half = row.p50(value);
        return half == null ? "-" : half + "/" + row.max(value);
    }

    private static String one(@Nullable Long value) {
        return value == null || value == 0 ? "-" : value.toString();
    }

    private static String line(Object... columns) {
        return String.format(Locale.ROOT, "%-49s %-8s %-24s %7s %13s %13s %8s %8s %8s %6s  %s", columns)
                .stripTrailing();
    }
}
