package dev.rollcall.stress.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code rollcall bench compare}: the launcher builds this module and starts it here. */
@Command(name = "rollcall bench compare", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Measures the product and its peers in interleaved pairs, each in processes of its own, and prints one table.",
        "The machine should have nothing else to do. What was measured is saved run by run; the same --out again adds pairs.",
        "A bar is met or missed when the 95 %% interval of the paired ratios lies on that side of it, else undecided."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:done", "1:a run failed, or lost, doubled or tore a message", "2:wrong arguments"})
public final class Compare implements Callable<Integer> {
    /** Set by the launcher: the folder of the sources, and that of the application. */
    private static final String HOME = "rollcall.home";
    private static final String APP = "rollcall.app";
    /** What RESULTS.md is made of. */
    static final String PUBLISHED = "stress-tests/results";
    private static final int PAIRS = 15;
    private static final int QUICK_PAIRS = 6;
    private static final double QUICK_SCALE = 0.4;

    @Option(names = "--pairs", paramLabel = "N", description = "pairs per case that is held to a bar; 15, and six at least for an interval")
    private @Nullable Integer given;

    @Option(names = "--quick", description = "a case of each kind, six pairs, short runs: some five minutes, and no figures to be quoted")
    private boolean quick;

    @Option(names = "--cases", paramLabel = "CASE", split = ",", description = "such as W1, W3 or w2-64-x1; all if not given, see --list")
    private List<String> only = new ArrayList<>();

    @Option(names = "--peers", paramLabel = "PEER", split = ",", description = "of aeron, agrona, uds, grpc, c; all if not given")
    private List<String> peers = Plan.PEERS;

    @Option(names = "--minutes", paramLabel = "M", defaultValue = "100000", showDefaultValue = CommandLine.Help.Visibility.NEVER, description = "begin no case after so long")
    private double minutes;

    @Option(names = "--out", paramLabel = "DIR", description = "save here; below stress-tests/target/compare if not given")
    private @Nullable Path out;

    @Option(names = "--show", paramLabel = "DIR", description = "measure nothing, print what was saved there")
    private @Nullable Path show;

    @Option(names = "--report", paramLabel = "DIR", arity = "0..1", fallbackValue = PUBLISHED, description = "measure nothing: take what was saved there to ${FALLBACK-VALUE} and write stress-tests/RESULTS.md and its charts; without DIR, again from what is there. A notes.md beside the runs becomes part of the page")
    private @Nullable Path report;

    @Option(names = "--soak", paramLabel = "FILE", description = "with --report: take what rollcall soak --json printed into the page, too")
    private @Nullable Path soak;

    @Option(names = "--scale", paramLabel = "X", defaultValue = "0", hidden = true, description = "shorter or longer runs")
    private double scale;

    @Option(names = "--list", description = "show cases and peers, and what a pair of each takes")
    private boolean list;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private int pairs;

    private Compare() {
    }

    /** Ends the process with the exit code. */
    public static void main(String[] args) {
        System.exit(run(new Compare(), args));
    }

    /** The exit code of a command. */
    static int run(Callable<Integer> command, String... args) {
        return new CommandLine(command).registerConverter(Pattern.class, Compare::pattern)
                .setParameterExceptionHandler((error, line) -> said(2, error,
                        " (see " + error.getCommandLine().getCommandSpec().qualifiedName() + " --help)"))
                .setExecutionExceptionHandler((error, line, parsed) -> said(1, error, "")).execute(args);
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new TypeConversionException("'" + text + "' is no regular expression: " + e.getDescription());
        }
    }

    private static int said(int status, Exception error, String hint) {
        System.err.println("rollcall: " + error.getMessage() + hint);
        if (System.getenv("ROLLCALL_DEBUG") != null) {
            error.printStackTrace();
        }
        return status;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<String> wanted = only.isEmpty() && quick ? Plan.quick() : only;
        List<Case> cases = Plan.cases().stream().filter(work -> wanted.isEmpty() || work.isOneOf(wanted)).toList();
        pairs = given != null ? given : quick ? QUICK_PAIRS : PAIRS;
        scale = scale == 0 ? quick ? QUICK_SCALE : 1 : scale;
        check(cases);
        if (list) {
            System.out.print(listing(cases));
            return 0;
        }
        if (report != null) {
            if (soak != null) {
                new Saved(home().resolve(PUBLISHED)).proofs().takeSoak(soak);
            }
            System.out.println("wrote " + publish(new Saved(published(report))));
            return 0;
        }
        Saved saved = new Saved(show != null ? show : out != null ? out : newFolder());
        boolean well = show != null || measure(saved, cases);
        System.out.println();
        System.out.print(new Results(saved, cases).text());
        if (show == null) {
            Map<String, String> charts = new Charts(saved).write(saved.folder().resolve("charts"), cases);
            System.out.println("charts (" + charts.size() + "), histograms and every run are in " + saved.folder());
        }
        return well ? 0 : 1;
    }

    /** Without a folder that of the page, wherever this was started. */
    private static Path published(Path given) {
        return given.toString().equals(PUBLISHED) ? home().resolve(given) : given.toAbsolutePath().normalize();
    }

    private static Path publish(Saved saved) {
        Saved published = new Saved(home().resolve(PUBLISHED));
        if (!saved.folder().equals(published.folder())) {
            saved.copyTo(published);
        }
        return writePage();
    }

    /** RESULTS.md, of what is published. */
    static Path writePage() {
        Path page = home().resolve("stress-tests/RESULTS.md");
        new Results(new Saved(home().resolve(PUBLISHED)), Plan.cases()).write(page);
        return page;
    }

    private void check(List<Case> cases) {
        if (cases.isEmpty()) {
            throw wrong("no such case: cases=" + only);
        }
        if (!Plan.PEERS.containsAll(peers)) {
            throw wrong("peers are " + Plan.PEERS + ": peers=" + peers);
        }
        if (pairs < 1) {
            throw wrong("--pairs must be 1 or more: " + pairs);
        }
        if (minutes <= 0 || scale <= 0) {
            throw wrong("--minutes and --scale must be more than 0: minutes=" + minutes + " scale=" + scale);
        }
        if (soak != null && report == null) {
            throw wrong("--soak goes with --report");
        }
        Path from = report == null ? show : published(report);
        if (from != null && !new Saved(from).isBegun()) {
            throw wrong("nothing is saved there: folder=" + from);
        }
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    static Path home() {
        return Path.of(System.getProperty(HOME, "")).toAbsolutePath().normalize();
    }

    private static Path newFolder() {
        String name = LocalDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        return home().resolve("stress-tests/target/compare").resolve(name);
    }

    private boolean measure(Saved saved, List<Case> cases) throws InterruptedException {
        if (saved.isBegun()) {
            if (saved.machine().path("scale").asDouble() != scale) {
                throw wrong("was begun with another scale: out=" + saved.folder());
            }
            System.err.println("adds to " + saved.folder() + ", build " + saved.machine().path("build").asText());
        } else {
            copy(Path.of(System.getProperty(APP, "")), saved.app());
            saved.begin(Machine.describe(home(), scale));
        }
        Programs programs = new Programs(Programs.product(saved.app()),
                peers.contains(Plan.C) ? Programs.compileReference(saved.folder()) : null);
        List<Case> scaled = cases.stream().map(work -> work.scaled(scale)).toList();
        return new Comparison(saved, programs, scaled, peers, System.err).run(pairs, minutes);
    }

    /** A build in the middle of it must not change what is measured. */
    private static void copy(Path app, Path to) {
        try (Stream<Path> files = Files.walk(app)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(app.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (file.toString().endsWith(".jar")) {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no application at " + app, e);
        }
    }

    private String listing(List<Case> cases) {
        TextTable table = new TextTable("case", "what", "peers", "bars", "seconds a round");
        for (Case work : cases) {
            List<String> order = work.order(0, peers);
            String bars = String.join(", ", work.rivals().stream()
                    .flatMap(rival -> rival.bars().stream()
                            .map(bar -> rival.peer() + " " + bar.metric().title() + " " + bar))
                    .toList());
            table.add(work.id(), work.title(), String.join(" ", order.subList(Math.min(1, order.size()), order.size())),
                    bars, Long.toString(Math.round(order.stream().mapToDouble(work.scaled(scale)::seconds).sum())));
        }
        double all = 0;
        for (Case work : cases) {
            for (int round = 0; round < Math.min(pairs, work.most()); round++) {
                all += work.order(round, peers).stream().mapToDouble(work.scaled(scale)::seconds).sum();
            }
        }
        double most = Math.ceil(Math.min(minutes, all / 60));
        return table.text() + String.format(Locale.ROOT, "%d pairs: about %.0f minutes%n", pairs, most);
    }
}
