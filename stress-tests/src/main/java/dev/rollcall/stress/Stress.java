package dev.rollcall.stress;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.stress.bench.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs jcstress over this module and judges the results: {@code Stress smoke|full [-t=regex]}, in the folder that is to keep the
 * report.
 *
 * <p>A test passes when nothing forbidden was seen. A twin, a hand-made copy of a protocol with one deliberate fault, passes when
 * something forbidden <em>was</em> seen: otherwise the test of that protocol could not have found the fault either. A twin that
 * was not caught gets more time, twice, before that is held against the build. Exits with 1 when anything did not pass.
 */
public final class Stress {
    private static final int ATTEMPTS_AT_TWINS = 3;

    private final Path report = Path.of("").toAbsolutePath();
    private final SortedMap<String, Tally> tallies = new TreeMap<>();
    private final SharedFolder shared;
    private final Proof proof = new Proof(Proof.JCSTRESS);

    private Stress(SharedFolder shared) {
        this.shared = shared;
    }

    /** {@code smoke} or {@code full}, and what to run instead of all that belongs to it. */
    public static void main(String[] args) throws Exception {
        if (args.length < 1 || args.length > 2) {
            System.err.println("usage: Stress smoke|full [-t=regex of test names]");
            System.exit(2);
        }
        Effort effort = Effort.valueOf(args[0].toUpperCase(Locale.ROOT));
        String tests = args.length == 2 ? args[1].replaceFirst("^-t=", "") : "";
        boolean passed;
        try (SharedFolder shared = SharedFolder.create()) {
            Stress stress = new Stress(shared);
            passed = stress.run(tests.isEmpty() ? effort.selections() : List.of(effort.only(tests)));
            stress.proof(effort).save(stress.report, tests.isEmpty());
        }
        System.exit(passed ? 0 : 1);
    }

    private boolean run(List<Selection> selections) throws Exception {
        long start = System.nanoTime();
        for (Selection selection : selections) {
            round(selection);
            Collection<String> missed = uncaught();
            for (int i = 1; i < ATTEMPTS_AT_TWINS && !missed.isEmpty(); i++) {
                System.out.println("jcstress: not caught yet, once more with more time: " + missed);
                round(selection.again(missed, i));
                missed = uncaught();
            }
        }
        boolean passed = tallies.values().stream().allMatch(Tally::passed);
        write();
        System.out.printf(Locale.ROOT, "jcstress: %s tests=%d seconds=%d%n", passed ? "passed" : "FAILED",
                tallies.size(),
                (System.nanoTime() - start) / 1_000_000_000);
        return passed;
    }

    private Proof proof(Effort effort) {
        long twins = tallies.values().stream().filter(Tally::isTwin).count();
        ObjectNode json = proof.json();
        json.put("form", effort.name().toLowerCase(Locale.ROOT));
        json.put("tests", tallies.size() - twins);
        json.put("twins", twins);
        json.put("caught", tallies.values().stream().filter(t -> t.isTwin() && t.passed()).count());
        json.put("configurations", tallies.values().stream().mapToLong(Tally::runs).sum());
        json.put("samples", tallies.values().stream().mapToLong(Tally::samples).sum());
        ArrayNode failed = json.putArray("failed");
        tallies.values().stream().filter(t -> !t.passed()).forEach(t -> failed.add(t.name()));
        return proof;
    }

    private void round(Selection selection) throws Exception {
        Path folder = report.resolve(selection.name());
        System.out.println("jcstress: running " + selection.name() + ", report=" + folder.resolve("index.html"));
        new Round(selection, folder, shared.path()).run()
                .forEach((name, tally) -> tallies.merge(name, tally, Tally::plus));
    }

    private Collection<String> uncaught() {
        return tallies.values().stream().filter(t -> t.isTwin() && t.clean()).map(Tally::name).toList();
    }

    private void write() throws IOException {
        String table =
                tallies.values().stream().map(Tally::row).collect(Collectors.joining("\n", Tally.HEAD + "\n", "\n"));
        Files.writeString(report.resolve("summary.md"), table, StandardCharsets.UTF_8);
        System.out.print(table);
        tallies.values().stream().filter(t -> !t.passed()).forEach(t -> System.out.print(t.story()));
    }
}
