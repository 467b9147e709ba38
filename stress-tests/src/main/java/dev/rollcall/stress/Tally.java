package dev.rollcall.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;

/**
 * What all runs of one test saw together.
 *
 * @param name              of the test's class
 * @param runs              forks that gave a result
 * @param samples           states that were judged
 * @param forbidden         how often each forbidden outcome, with its description, was seen
 * @param runsWithForbidden in how many forks
 * @param troubles          what went wrong with the test itself
 */
record Tally(String name, int runs, long samples, Map<String, Long> forbidden, int runsWithForbidden,
        List<String> troubles) {
    static final String HEAD = "| test | runs | samples | forbidden seen | verdict |\n|---|---|---|---|---|";

    /** Here live the twins; beside each lies its sound original, to show that it is the fault that is caught. */
    private static final String TWINS = "dev.rollcall.stress.twin.";
    private static final String SOUND = "Sound";

    /** Nothing yet. */
    Tally(String name) {
        this(name, 0, 0, Map.of(), 0, List.of());
    }

    static Tally of(TestResult result) {
        Map<String, Long> forbidden = new TreeMap<>();
        for (GradingResult seen : result.grading().gradingResults.values()) {
            if (seen.expect == Expect.FORBIDDEN && seen.count > 0) {
                forbidden.put(seen.id + ": " + seen.description, seen.count);
            }
        }
        boolean normal = result.status() == Status.NORMAL;
        List<String> troubles =
                normal ? List.of() : List.of(result.status() + " " + result.getMessages() + " " + result.getVmErr());
        return new Tally(result.getName(), 1, result.getTotalCount(), forbidden, forbidden.isEmpty() ? 0 : 1, troubles);
    }

    Tally plus(Tally other) {
        Map<String, Long> both = new TreeMap<>(forbidden);
        other.forbidden.forEach((outcome, count) -> both.merge(outcome, count, Long::sum));
        List<String> all = new ArrayList<>(troubles);
        all.addAll(other.troubles);
        return new Tally(name, runs + other.runs, samples + other.samples, both,
                runsWithForbidden + other.runsWithForbidden, all);
    }

    boolean isTwin() {
        String simpleName = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
        return name.startsWith(TWINS) && !simpleName.startsWith(SOUND);
    }

    /** Nothing forbidden so far. */
    boolean clean() {
        return forbidden.isEmpty();
    }

    boolean passed() {
        return samples > 0 && troubles.isEmpty() && clean() != isTwin();
    }

    /** For a table under {@link #HEAD}. */
    String row() {
        long count = forbidden.values().stream().mapToLong(Long::longValue).sum();
        return "| " + name.replace("dev.rollcall.", "") + " | " + runs + " | " + samples + " | "
                + (count == 0 ? "0" : count + " in " + runsWithForbidden + " runs") + " | " + verdict() + " |";
    }

    private String verdict() {
        if (passed()) {
            return isTwin() ? "caught" : "ok";
        }
        return isTwin() && clean() ? "NOT CAUGHT" : "FAILED";
    }

    /** Why it did not pass. */
    String story() {
        StringBuilder story = new StringBuilder().append('\n').append(name).append(" did not pass:\n");
        if (samples == 0) {
            story.append("  gave no result\n");
        }
        if (isTwin() && clean()) {
            story.append("  its fault was not caught\n");
        }
        if (!isTwin()) {
            forbidden.forEach(
                    (outcome, count) -> story.append("  saw ").append(outcome).append(" x").append(count).append('\n'));
        }
        troubles.forEach(trouble -> story.append("  ").append(trouble).append('\n'));
        return story.toString();
    }
}
