package dev.rollcall.tools.soak;

import dev.rollcall.tools.console.Durations;
import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.Json;
import dev.rollcall.tools.console.PrivateFolder;
import dev.rollcall.tools.console.Progress;
import dev.rollcall.tools.console.Style;
import dev.rollcall.tools.console.UnfitException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads the command line, lets {@link Soak} run, prints its report. */
@Command(name = "soak", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Calls a group of worker processes all the time while, at random, ranks are killed, stopped for a moment or for"
                + " good, calls throw, time out and are cancelled, and the group is restarted. A watchdog in the driver"
                + " enforces; what it says is compared with what was done.",
        "What it does to the group is logged on standard error like any failure, at ERROR too: the report and the exit code"
                + " say whether all was well.",
        "The seed chooses which calls and faults come in which order; the machine chooses when."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:every call ended exactly once and with its own reply, whoever was stopped for good was ended, nobody"
                        + " innocent was named, memory and descriptors stayed flat, nothing was left behind",
                "1:anything else", "2:wrong arguments, or a machine that is not fit"}, footer = {"",
                        Durations.HELP})
public final class SoakCommand implements Callable<Integer> {
    private static final int MOST_WORKERS = 64;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int SEEDS = 1_000_000;

    @Option(names = "--for", paramLabel = "TIME", defaultValue = "1m", converter = Durations.class, description = "how long, once the group is ready (default 1m)")
    private Duration howLong = Duration.ofMinutes(1);

    @Option(names = "--seed", paramLabel = "N", description = "which calls and faults (default: any; the report says which)")
    private @Nullable Long seed;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "8", description = "worker processes, 1 to 64 (default 8)")
    private int workers = 8;

    @Option(names = "--incidents", paramLabel = "DIR", defaultValue = "incidents", description = "where evidence is saved, the last 20; created with mode 0700 (default ./incidents)")
    private Path incidents = Path.of("incidents");

    @Option(names = "--json", description = "one line of JSON instead of the report")
    private boolean json;

    /** For picocli. */
    SoakCommand() {
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (howLong.compareTo(SHORTEST) < 0 || howLong.compareTo(LONGEST) > 0) {
            throw new UnfitException("--for must be 1s to 168h: " + Durations.written(howLong));
        }
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new UnfitException("--workers must be 1 to " + MOST_WORKERS + ": " + workers);
        }
        long chosen = seed != null ? seed : ThreadLocalRandom.current().nextInt(SEEDS);
        PrivateFolder folder = PrivateFolder.prepare(incidents);
        try {
            System.err.println(
                    "soak: WARN and ERROR below are of the faults it makes, or what follows from them; its report"
                            + " says whether anything was wrong");
            Progress progress = new Progress(System.err, Style.isTerminal());
            SoakReport report = new Soak(howLong, chosen, workers, folder.path(), progress).run();
            if (json) {
                System.out.println(Json.line(report.json()));
            } else {
                report.lines(Style.ofThisTerminal()).forEach(System.out::println);
            }
            return report.problems().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            folder.removeIfUnused();
        }
    }
}
