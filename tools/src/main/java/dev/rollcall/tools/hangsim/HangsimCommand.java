package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.tools.console.Durations;
import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.PrivateFolder;
import dev.rollcall.tools.console.Progress;
import dev.rollcall.tools.console.Style;
import dev.rollcall.tools.hangsim.StepPlan.Step;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rollcall hangsim}: reads and checks the command line of a rehearsal, then lets the stage hand play it. */
@Command(name = "hangsim", subcommands = MatrixCommand.class, mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Starts a group of worker processes and a watchdog process, serves load, hangs one of them, and shows how"
                + " it is found, named, how the requests in flight fail, and what is saved.",
        "The watchdog is told nothing of the fault."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:the right one was named with the right kind in time (dead or stopped: 3 s, spinning or blocked: its"
                        + " limit + 1 s, driver: 6 s), every request ended exactly once, no false alarm, nothing left behind;"
                        + " with --fault none: nobody was named, or somebody hung from outside was",
                "1:anything else", "2:wrong arguments, or a machine that is not fit"}, footer = {"",
                        "Load: 95 %% decode steps of 20 ms, 5 %% prefill steps of 400 ms, a first call of 2 s.",
                        "Observe mode: the watchdog says what it would have done and nobody acts. A stopped process is then continued"
                                + " and the load drained; what cannot be undone ends with the group. Exit 0 as above, by what was said.",
                        "With --respond KIND=observe nobody acts on that kind either. With DRIVER_HUNG=fail a driver that hangs is not ended:"
                                + " one that was stopped is continued, finds the verdict and ends its group itself.",
                        "Hang one yourself: rollcall hangsim --fault none --for 60s, and kill -STOP one of the pids it prints.",
                        "Requests are what users ask, calls what the group is asked: a step of up to four requests is two calls. This command"
                                + " counts requests, the incident knows of calls only.",
                        "Times on the timeline count from the fault. " + Durations.HELP})
public final class HangsimCommand implements Callable<Integer> {
    private static final String LIST = "list";
    private static final int DEFAULT_WORKERS = 8;
    private static final int DEFAULT_RANK = 5;
    private static final Duration HEALTHY_RUN = Duration.ofSeconds(2);
    private static final Duration VERDICT_WAIT = Duration.ofSeconds(20);
    static final Duration LEAST_FLOOR = Duration.ofMillis(100);
    static final Duration LARGEST_FLOOR = Duration.ofMinutes(5);
    static final String FLOOR_BOUNDS = "--floor must be 100ms to 5m: ";
    private static final Duration LONGEST = Duration.ofHours(24);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "8", description = "worker processes, 1 to 64 (default 8)")
    private int workers = DEFAULT_WORKERS;

    @Option(names = "--rank", paramLabel = "N|driver", description = "the victim (default 5, or the last of a smaller group); not with --fault none")
    private @Nullable String rank;

    @Option(names = "--fault", paramLabel = "FAULT", defaultValue = "stop", description = {
            "none, stop (SIGSTOP), spin (endless loop), block (native wait without end),"
                    + " crash (SIGKILL) (default stop); '--fault list' tells the others; the driver knows stop and crash"})
    private String fault = "stop";

    @Option(names = "--fault-in", paramLabel = "STEP", description = "strike in the next step of this kind, decode or prefill, once the healthy time is over (default: of any kind)")
    private @Nullable String faultIn;

    @Option(names = "--after", paramLabel = "TIME", defaultValue = "3s", converter = Durations.class, description = "healthy load before the fault, after the first call (default 3s); longer for a fault that is found by the limit of a call, such as spin and block, until the watchdog has learned that limit")
    private Duration after = Duration.ofSeconds(3);

    @Option(names = "--for", paramLabel = "TIME", converter = Durations.class, description = "without a fault: how much longer to serve (default 2s); with one: how long to wait for the verdict"
            + " at most (default 20s)")
    private @Nullable Duration howLong;

    @Option(names = "--requests", paramLabel = "N", defaultValue = "4", description = "requests in flight at a time, 1 to 64 (default 4)")
    private int requests = 4;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of the load's mixture (default 1)")
    private long seed = 1;

    @Option(names = "--floor", paramLabel = "TIME", defaultValue = "1s", converter = Durations.class, description = "the watchdog's shortest limit; its fixed times scale with it (default 1s)")
    private Duration floor = Duration.ofSeconds(1);

    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "enforce", description = "enforce, or observe: only say what would be done (default enforce)")
    private String mode = "enforce";

    @Option(names = "--respond", paramLabel = "KIND=HOW", split = ",", description = "to the watchdog, as of 'rollcall sidecar': how far to go against one kind of hang, observe, fail or kill (default)")
    private Map<HangKind, Response> responses = new EnumMap<>(HangKind.class);

    @Option(names = "--tools", description = "to the watchdog: let jcmd, py-spy and gdb look at the culprit, where this machine has them")
    private boolean tools;

    @Option(names = "--on-incident", paramLabel = "CMD", description = "to the watchdog: run by sh once the evidence is saved; see 'rollcall sidecar --help'")
    private @Nullable String onIncident;

    @Option(names = "--incidents", paramLabel = "DIR", defaultValue = "incidents", description = "where evidence is saved; created with mode 0700 (default ./incidents)")
    private Path incidents = Path.of("incidents");

    @Option(names = "--json", description = "one line of JSON on standard output, everything else on standard error; inFlight, completed, failed, lost and duplicated count requests")
    private boolean json;

    @Option(names = "--keep", description = "leave the group's shared files, until 'rollcall clean' or the next group")
    private boolean keep;

    /** For picocli. */
    HangsimCommand() {
    }

    @Override
    public Integer call() {
        if (fault.equalsIgnoreCase(LIST)) {
            Fault.list().forEach(System.out::println);
            System.out.println("what only looks like a hang: rollcall hangsim matrix --only list");
            return ExitCode.OK;
        }
        SimOptions options = options();
        PrivateFolder folder = PrivateFolder.prepare(options.incidents());
        try (Stage stage = new Stage(options.keep(), folder)) {
            Progress progress = new Progress(System.err, Style.isTerminal());
            // Standard output is for scripts or for people, never for both.
            Screen screen = new Screen(json ? System.err : System.out, System.out, progress, stage::isBrokenOff);
            StageHand stageHand =
                    new StageHand(options, new Report(Style.ofThisTerminal()), screen, stage, mainClass());
            return play(stageHand, stage);
        }
    }

    private static int play(StageHand stageHand, Stage stage) {
        try {
            return stageHand.play();
        } catch (RollcallException broken) {
            if (stage.isBrokenOff()) {
                return ExitCode.FAILED; // processes vanish under a rehearsal that is being ended: nothing to report
            }
            throw broken;
        }
    }

    /** The watchdog is started with the same command, as a user would. */
    private Class<?> mainClass() {
        if (spec == null) {
            throw new IllegalStateException("not run from a command line");
        }
        return spec.root().userObject().getClass();
    }

    SimOptions options() {
        require(workers >= 1 && workers <= SimLayout.MAX_RANKS,
                "--workers must be 1 to " + SimLayout.MAX_RANKS + ": " + workers);
        require(requests >= 1 && requests <= SimLayout.MAX_LANES,
                "--requests must be 1 to " + SimLayout.MAX_LANES + ": " + requests);
        Fault chosen = chosen();
        boolean enforce = mode.equalsIgnoreCase("enforce");
        require(enforce || mode.equalsIgnoreCase("observe"), "unknown mode '" + mode + "': enforce, observe");
        require(floor.compareTo(LEAST_FLOOR) >= 0 && floor.compareTo(LARGEST_FLOOR) <= 0,
                FLOOR_BOUNDS + Durations.written(floor));
        require(!after.isZero() && after.compareTo(LONGEST) <= 0,
                "--after must be more than 0s and at most 24h: " + Durations.written(after));
        Duration wait = howLong != null ? howLong : chosen == Fault.NONE ? HEALTHY_RUN : VERDICT_WAIT;
        require(wait.compareTo(LONGEST) <= 0, "--for must be at most 24h: " + Durations.written(wait));
        int victim = victim(chosen);
        require(victim != Verdict.DRIVER || !chosen.isFromWithin(),
                "the driver can be stopped or crashed, not told to " + chosen.option()
                        + "; an endless loop in it is --fault driver-spin");
        Step within = within();
        require(!chosen.needsLimit() || workers > 1, "--fault " + chosen.option()
                + " needs --workers 2 or more: a rank without others to compare it with is acted on after minutes");
        require(within == null || (chosen != Fault.NONE && chosen != Fault.DRIVER_SPIN),
                "--fault-in does not go with --fault " + chosen.option());
        return new SimOptions(workers, victim, chosen, within, after, wait, requests, seed, floor, enforce,
                incidents.toAbsolutePath().normalize(), json, keep, Load.MIXED, Circumstance.NONE, wishes(chosen));
    }

    private SidecarWishes wishes(Fault chosen) {
        for (HangKind kind : responses.keySet()) {
            require(!Finding.excuses(kind), "--respond: " + kind + " is never acted on");
        }
        require(chosen != Fault.DRIVER_SPIN
                || responses.getOrDefault(HangKind.DRIVER_HUNG, Response.KILL) == Response.KILL,
                "--respond DRIVER_HUNG: nobody would end a driver that spins; try --rank driver --fault stop");
        return new SidecarWishes(responses, tools, onIncident);
    }

    private @Nullable Step within() {
        return switch (faultIn == null ? "" : faultIn.toLowerCase(Locale.ROOT)) {
            case "" -> null;
            case "decode" -> Step.DECODE;
            case "prefill" -> Step.PREFILL;
            default -> throw wrong("--fault-in must be decode or prefill: '" + faultIn + "'");
        };
    }

    private Fault chosen() {
        Fault chosen = Fault.ofOption(fault.toLowerCase(Locale.ROOT));
        if (chosen == null) {
            throw wrong("no fault '" + fault + "': " + Fault.options());
        }
        if (!chosen.isHang()) {
            throw wrong(
                    "--fault " + chosen.option() + " is no hang; the matrix plays it: rollcall hangsim matrix --only "
                            + MatrixCase.of(chosen).option());
        }
        return chosen;
    }

    private int victim(Fault chosen) {
        boolean atDriver = rank != null && rank.equalsIgnoreCase("driver");
        require(rank == null || chosen != Fault.NONE, "--rank does not go with --fault none");
        require(rank == null || atDriver || chosen != Fault.DRIVER_SPIN,
                "--rank " + rank + " does not go with --fault " + chosen.option());
        if (atDriver || chosen == Fault.DRIVER_SPIN) {
            return Verdict.DRIVER;
        }
        if (rank == null) {
            return chosen == Fault.LOST_REPLY ? 0 : Math.min(DEFAULT_RANK, workers - 1);
        }
        try {
            int number = Integer.parseInt(rank);
            require(number == 0 || chosen != Fault.LOST_REPLY,
                    "--fault lost-reply is for rank 0, the only one that replies for all");
            require(number >= 0 && number < workers,
                    "no rank " + number + " in a group of " + workers + ": 0 to " + (workers - 1) + ", or driver");
            return number;
        } catch (NumberFormatException e) {
            throw wrong("--rank must be a number or 'driver': '" + rank + "'");
        }
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw wrong(message);
        }
    }

    private ParameterException wrong(String message) {
        CommandLine line = spec == null ? new CommandLine(this) : spec.commandLine();
        return new ParameterException(line, message);
    }
}
