package dev.rollcall.stress;

import dev.rollcall.stress.support.Scratch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/** One run of jcstress, which forks a JVM for each test and configuration. What it prints goes to its report's folder. */
final class Round {
    /** How long jcstress and its forks wait for each other's word; its own half minute is too short on a crowded machine. */
    private static final String LINK_TIMEOUT = "jcstress.link.timeoutMs";
    private static final String LINK_TIMEOUT_MILLIS = "300000";

    private final Selection selection;
    private final Path report;
    private final Path shared;

    Round(Selection selection, Path report, Path shared) {
        this.selection = selection;
        this.report = report;
        this.shared = shared;
    }

    /** What was seen, by test; tests that were selected and gave no result are in it too. */
    Map<String, Tally> run() throws Exception {
        Files.createDirectories(report);
        Map<String, Tally> tallies = new TreeMap<>();
        PrintStream console = System.out;
        String resultFile;
        try (PrintStream log =
                new PrintStream(Files.newOutputStream(report.resolve("console.txt")), true, StandardCharsets.UTF_8)) {
            System.setOut(log);
            Options options = options();
            resultFile = options.getResultFile();
            JCStress jcstress = new JCStress(options);
            jcstress.getTests().forEach(test -> tallies.put(test, new Tally(test)));
            if (tallies.isEmpty()) {
                throw new IllegalArgumentException("no such test: regex=" + selection.tests());
            }
            run(jcstress, log);
        } finally {
            System.setOut(console);
        }
        for (TestResult result : results(Path.of(resultFile))) {
            tallies.merge(result.getName(), Tally.of(result), Tally::plus);
        }
        return tallies;
    }

    private static void run(JCStress jcstress, PrintStream log) throws Exception {
        try {
            jcstress.run();
        } catch (AssertionError e) {
            // how it says that something was seen, twins included; the results say what
            e.printStackTrace(log);
        }
    }

    private Options options() throws IOException {
        List<String> args = new ArrayList<>(selection.options());
        String forks = String.join(" ", "--enable-native-access=ALL-UNNAMED", define(Scratch.FOLDER, shared.toString()),
                define("java.io.tmpdir", System.getProperty("java.io.tmpdir")),
                define(LINK_TIMEOUT, LINK_TIMEOUT_MILLIS));
        System.setProperty(LINK_TIMEOUT, LINK_TIMEOUT_MILLIS);
        // Only -jvmArgs keeps jcstress from trying out several sets of flags.
        args.addAll(List.of(selection.everyJit() ? "-jvmArgsPrepend" : "-jvmArgs", forks, "-r", report.toString()));
        Options options = new Options(args.toArray(String[]::new));
        if (!options.parse()) {
            throw new IllegalStateException("jcstress does not take these options: args=" + args);
        }
        return options;
    }

    private static String define(String property, String value) {
        return "-D" + property + "=" + value;
    }

    private static List<TestResult> results(Path file) throws IOException, ClassNotFoundException {
        InProcessCollector collector = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(file.toString(), collector);
        try {
            reader.dump();
        } finally {
            reader.close();
        }
        return List.copyOf(collector.getTestResults());
    }
}
