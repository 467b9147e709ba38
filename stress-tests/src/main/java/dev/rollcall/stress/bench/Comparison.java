package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Runs the rounds: each case once per round, so that all cases have as many pairs when time runs out; in it the product once and
 * every rival once, one after the other, nothing else beside them. One thread.
 */
final class Comparison {
    static final String NO_GCC = "no gcc";
    private static final long PATIENCE_SECONDS = 60;
    private final Saved saved;
    private final Programs programs;
    private final List<Case> cases;
    private final List<String> peers;
    private final PrintStream progress;

    Comparison(Saved saved, Programs programs, List<Case> cases, List<String> peers, PrintStream progress) {
        this.saved = saved;
        this.programs = programs;
        this.cases = cases;
        this.peers = peers;
        this.progress = progress;
    }

    /** As many rounds more, unless the time is up before; whether every run went well. */
    boolean run(int pairs, double minutes) throws InterruptedException {
        Map<String, Integer> first = firstRounds();
        double all = estimate(pairs, first);
        double done = 0;
        progress.printf("cases: %d, pairs of each: %d at most, minutes: about %.0f%n", cases.size(), pairs,
                Math.ceil(all / 60));
        long start = System.nanoTime();
        boolean well = true;
        for (int i = 0; i < pairs; i++) {
            for (Case work : cases) {
                int round = first.getOrDefault(work.id(), 0) + i;
                double seconds = round < work.most() ? estimate(work, round) : 0;
                if (seconds > 0) {
                    double passed = (System.nanoTime() - start) / 1e9;
                    if (passed / 60 >= minutes) {
                        progress.println("time is up");
                        return well;
                    }
                    well &= round(work, round, i + 1 + "/" + pairs + "  " + left(passed, done, all));
                    done += seconds;
                }
            }
        }
        return well;
    }

    /** As the estimate has turned out so far. */
    private static String left(double passed, double done, double all) {
        double seconds = (all - done) * (done > 0 ? passed / done : 1);
        return String.format(Locale.ROOT, "%2.0f min left", Math.ceil(seconds / 60));
    }

    /** Rounds go on counting when a folder is used again. */
    private Map<String, Integer> firstRounds() {
        Map<String, Integer> first = new HashMap<>();
        saved.runs().forEach(run -> first.merge(run.caseId(), run.round() + 1, Math::max));
        return first;
    }

    private double estimate(int pairs, Map<String, Integer> first) {
        double seconds = 0;
        for (Case work : cases) {
            int begin = first.getOrDefault(work.id(), 0);
            for (int round = begin; round < begin + pairs && round < work.most(); round++) {
                seconds += estimate(work, round);
            }
        }
        return seconds;
    }

    private double estimate(Case work, int round) {
        return work.order(round, peers).stream().mapToDouble(work::seconds).sum();
    }

    private boolean round(Case work, int round, String number) throws InterruptedException {
        List<String> figures = new ArrayList<>();
        boolean well = true;
        for (String peer : work.order(round, peers)) {
            RunLine run = run(work, round, peer);
            saved.add(run);
            OptionalDouble value = run.value(work.metric());
            well &= value.isPresent() || run.error().equals(NO_GCC);
            figures.add(peer + " "
                    + (value.isPresent() ? work.metric().format(value.getAsDouble()) : "FAILED " + why(run)));
        }
        if (!figures.isEmpty()) {
            progress.printf("%s  %s  %-30s %s%n", LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
                    number, work.title(),
                    String.join(", ", figures));
        }
        return well;
    }

    private static String why(RunLine run) {
        return run.error().isEmpty() ? run.result().toString() : run.error();
    }

    private RunLine run(Case work, int round, String peer) throws InterruptedException {
        double load = Machine.load();
        if (!programs.has(peer)) {
            return new RunLine(work.id(), round, peer, load, MissingNode.getInstance(), NO_GCC);
        }
        Execution done = Execution.of(programs.command(work, peer), Map.of(),
                Math.round(work.seconds(peer)) + PATIENCE_SECONDS);
        JsonNode result = done.out().lines().filter(line -> line.startsWith("{")).reduce((one, other) -> other)
                .map(Saved::parse).orElse(MissingNode.getInstance());
        if (!(result instanceof ObjectNode object)) {
            return new RunLine(work.id(), round, peer, load, MissingNode.getInstance(), done.lastWords());
        }
        saved.histograms().take(work.id(), peer, object);
        return new RunLine(work.id(), round, peer, load, object, "");
    }
}
