package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.Durations;
import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.Json;
import dev.rollcall.tools.console.PrivateFolder;
import dev.rollcall.tools.console.Progress;
import dev.rollcall.tools.console.Style;
import dev.rollcall.tools.console.UnfitException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rollcall hangsim matrix}: one rehearsal after the other, a row for each. */
@Command(name = "matrix", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Plays every fault and everything that only looks like one, with real processes, and shows who was named.",
        "A case that this machine does not allow (no rights on control groups, no gdb) is not run, and says why."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:every fault was named, rank and kind, in its time, and nothing else was acted on", "1:anything else",
                "2:wrong arguments, or a machine that is not fit"}, footer = {"",
                        "Times: dead or reported by itself 0.3 s, stopped 0.8 s, else the limit + 0.3 s (with three runs or more,"
                                + " half of them + 0.1 s, and half fail their calls in 50 ms and save in 2 s), under hogs 3 s. The limit is the watchdog's own: the floor, or its fixed time.",
                        "Load: decode steps of 20 ms, so that the limit is at its floor. A run of all cases takes about twelve minutes.",
                        Durations.HELP})
public final class MatrixCommand implements Callable<Integer> {
    private static final int DEFAULT_WORKERS = 8;
    private static final int LEAST_WORKERS = 3;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "1", description = "runs of each case (default 1)")
    private int repeat = 1;

    @Option(names = "--only", paramLabel = "CASE", split = ",", description = "these cases alone; 'list' names them")
    private @Nullable List<String> only;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "8", description = "worker processes, 3 to 64 (default 8)")
    private int workers = DEFAULT_WORKERS;

    @Option(names = "--floor", paramLabel = "TIME", defaultValue = "1s", converter = Durations.class, description = "the watchdog's shortest limit; its fixed times scale with it (default 1s)")
    private Duration floor = Duration.ofSeconds(1);

    @Option(names = "--incidents", paramLabel = "DIR", defaultValue = "incidents", description = "where evidence is saved; created with mode 0700 (default ./incidents)")
    private Path incidents = Path.of("incidents");

    @Option(names = "--json", description = "a line of JSON for each case instead of the table")
    private boolean json;

    @Option(names = "--record", paramLabel = "PAGE.md", description = "write the rows into this page, and beside it into PAGE.jsonl; rows of cases that are not run now stay")
    private @Nullable Path page;

    private boolean begun;

    /** For picocli. */
    MatrixCommand() {
    }

    @Override
    public Integer call() {
        if (only != null && only.contains("list")) {
            Arrays.stream(MatrixCase.values()).forEach(each -> System.out.println(each.option() + ": " + each.words()));
            return ExitCode.OK;
        }
        List<MatrixCase> cases = cases();
        MatrixRecord kept = page == null ? null : new MatrixRecord(page.toAbsolutePath());
        if (kept != null) {
            kept.requireWritable();
        }
        MatrixTable table = new MatrixTable(Style.ofThisTerminal());
        Progress progress = new Progress(System.err, Style.isTerminal());
        List<MatrixRow> rows = new ArrayList<>();
        if (!json) {
            table.head().forEach(System.out::println);
        }
        for (MatrixCase each : cases) {
            double load = MatrixRecord.load();
            MatrixRow row = play(each, "case " + (rows.size() + 1) + " of " + cases.size() + ", " + each.words(),
                    progress);
            rows.add(row);
            progress.clear();
            if (json) {
                System.out.println(Json.line(row.toJson()));
            } else {
                table.row(row).forEach(System.out::println);
            }
            System.out.flush();
            if (kept != null) {
                kept.add(row, load);
            }
        }
        if (!json) {
            System.out.println(table.sum(rows));
        }
        return rows.stream().allMatch(MatrixRow::isOk) ? ExitCode.OK : ExitCode.FAILED;
    }

    private MatrixRow play(MatrixCase what, String words, Progress progress) {
        List<Outcome> runs = new ArrayList<>();
        for (int run = 1; run <= repeat; run++) {
            try {
                runs.add(play(what, progress.within(repeat == 1 ? words : words + ", run " + run)));
            } catch (NotRunException notAllowed) {
                return new MatrixRow(what, List.of(), notAllowed.getMessage());
            }
        }
        return new MatrixRow(what, runs, null);
    }

    private Outcome play(MatrixCase what, Progress progress) {
        SimOptions options = what.options(workers, floor, incidents.toAbsolutePath().normalize());
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (Stage stage = new Stage(false, PrivateFolder.prepare(options.incidents()))) {
            Screen screen = new Screen(silent, silent, progress, stage::isBrokenOff);
            Outcome seen = new StageHand(options, new Report(new Style(false)), screen, stage, mainClass()).perform();
            begun = true;
            return seen;
        } catch (UnfitException unfit) {
            if (!begun) {
                throw unfit;
            }
            return Outcome.failed(options, String.valueOf(unfit.getMessage()));
        } catch (RollcallException broken) {
            return Outcome.failed(options, String.valueOf(broken.getMessage()));
        }
    }

    private List<MatrixCase> cases() {
        if (repeat < 1) {
            throw wrong("--repeat must be at least 1: " + repeat);
        }
        if (workers < LEAST_WORKERS || workers > SimLayout.MAX_RANKS) {
            throw wrong("--workers must be " + LEAST_WORKERS + " to " + SimLayout.MAX_RANKS + ": " + workers);
        }
        if (floor.compareTo(HangsimCommand.LEAST_FLOOR) < 0 || floor.compareTo(HangsimCommand.LARGEST_FLOOR) > 0) {
            throw wrong(HangsimCommand.FLOOR_BOUNDS + Durations.written(floor));
        }
        if (only == null) {
            return List.of(MatrixCase.values());
        }
        List<MatrixCase> cases = new ArrayList<>();
        for (String name : only) {
            MatrixCase found = MatrixCase.ofOption(name);
            if (found == null) {
                throw wrong("unknown case '" + name + "': " + Arrays.stream(MatrixCase.values())
                        .map(MatrixCase::option).collect(Collectors.joining(", ")));
            }
            cases.add(found);
        }
        return cases;
    }

    private Class<?> mainClass() {
        return spec().root().userObject().getClass();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec().commandLine(), message);
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("not run from a command line");
        }
        return spec;
    }
}
