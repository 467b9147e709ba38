package dev.rollcall.stress.kill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a case went.
 *
 * @param played    which
 * @param told      what those who lived on met with
 * @param lateNanos how long after its deadline the latest of them came back
 * @param nanos     what it took in all
 * @param left      what was left behind
 * @param troubles  what must not have been, left-overs included
 */
record Result(Case played, String told, long lateNanos, long nanos, List<String> left, List<String> troubles) {
    static final String HEAD =
            "| role | step | signal | those who lived on | late by | left behind | took | verdict |\n"
                    + "|---|---|---|---|---|---|---|---|";

    static Result of(Stage stage, Case played, long nanos, List<String> left) {
        List<String> troubles = new ArrayList<>(stage.ledger().troubles());
        if (!left.isEmpty()) {
            troubles.add("left behind: " + left);
        }
        return new Result(played, stage.ledger().told(), stage.ledger().lateNanos(), nanos, left, troubles);
    }

    /** And nothing else was wrong. */
    boolean wasNotReached() {
        return troubles.size() == 1 && troubles.getFirst().contains(Stage.NOT_REACHED);
    }

    boolean passed() {
        return troubles.isEmpty();
    }

    String row() {
        return String.format(Locale.ROOT, "| %s | %s | %s | %s | %d ms | %s | %.1f s | %s |",
                played.role().name().toLowerCase(Locale.ROOT), played.label(), played.fate(), told,
                lateNanos / 1_000_000, left.isEmpty() ? "nothing" : left, nanos / 1e9, passed() ? "ok" : "FAILED");
    }

    String story() {
        StringBuilder story = new StringBuilder("\n").append(played).append(" did not pass:\n");
        troubles.forEach(trouble -> story.append("  ").append(trouble).append('\n'));
        return story.toString();
    }
}
