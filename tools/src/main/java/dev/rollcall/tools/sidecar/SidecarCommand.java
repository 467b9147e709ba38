package dev.rollcall.tools.sidecar;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.tools.console.Durations;
import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.Logging;
import dev.rollcall.tools.console.PrivateFolder;
import dev.rollcall.tools.console.UnfitException;
import dev.rollcall.tools.inspect.Groups;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.Response;
import dev.rollcall.watchdog.Watchdog;
import dev.rollcall.watchdog.WatchdogBuilder;
import dev.rollcall.watchdog.WatchdogListener;
import dev.rollcall.watchdog.WatchdogMode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rollcall sidecar}: a watchdog in a process of its own, over a group somebody else started. */
@Command(name = "sidecar", mixinStandardHelpOptions = true, sortOptions = false, description = "Watches a group from a process of its own until the group ends.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:the group has ended", "1:another watchdog is attached, or the group cannot be read",
        "2:wrong arguments, no such group, or a machine that is not fit"}, footer = {"",
                "Without --json-events it logs to standard error; ROLLCALL_LOG=debug says more.",
                "'rollcall inspect' lists the groups.", Durations.HELP})
public final class SidecarCommand implements Callable<Integer> {
    private static final Duration LEAST_FLOOR = Duration.ofMillis(50);
    private static final Duration LARGEST_FLOOR = Duration.ofMinutes(5);
    private static final long MEGABYTE = 1L << 20;
    private static final long HOOK_MILLIS = 30_000;

    @Parameters(paramLabel = "GROUP", description = "the group's folder, or its name if it is this user's")
    private String group = "";

    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "enforce", description = "enforce, or observe: only say what would be done (default enforce)")
    private WatchdogMode mode = WatchdogMode.ENFORCE;

    @Option(names = "--floor", paramLabel = "TIME", defaultValue = "1s", converter = Durations.class, description = "shortest limit of a call; fixed times scale with it (default 1s)")
    private Duration floor = Duration.ofSeconds(1);

    @Option(names = "--incidents", paramLabel = "DIR", defaultValue = "incidents", description = "where evidence is saved; created with mode 0700 (default ./incidents)")
    private Path incidents = Path.of("incidents");

    @Option(names = "--keep-incidents", paramLabel = "N", defaultValue = "100", description = "after each incident written, delete the oldest beyond this number (default 100)")
    private int keepIncidents = 100;

    @Option(names = "--keep-megabytes", paramLabel = "N", defaultValue = "1024", description = "the same by size; the newest always stays (default 1024)")
    private int keepMegabytes = 1024;

    @Option(names = "--respond", paramLabel = "KIND=HOW", split = ",", description = "how far to go against one kind of hang: observe, fail (the calls; the driver ends its workers and may restart them) or kill (also a driver that hangs; default)")
    private Map<HangKind, Response> responses = new EnumMap<>(HangKind.class);

    @Option(names = "--tools", description = "let jcmd, py-spy and gdb look at the culprit, where this machine has them; 1.3 s at most")
    private boolean tools;

    @Option(names = "--on-incident", paramLabel = "CMD", description = "run by sh for each verdict once its evidence is saved, 30 s at most; finds ROLLCALL_INCIDENT (the folder), ROLLCALL_KIND, ROLLCALL_WHO, ROLLCALL_REASON and ROLLCALL_GROUP in its environment")
    private @Nullable String onIncident;

    @Option(names = "--listen", paramLabel = "127.0.0.1:PORT", description = "answer GET /health there, 200 while the group is up and 503 once it hangs, and GET /metrics for Prometheus; port 0 takes any and says which")
    private @Nullable String listen;

    @Option(names = "--expose", description = "let --listen take an address that other machines reach; nobody is asked who he is")
    private boolean expose;

    @Option(names = "--json-events", description = "a line of JSON on standard output for all that happens")
    private boolean jsonEvents;

    /** For picocli. */
    SidecarCommand() {
    }

    @Override
    public Integer call() {
        if (floor.compareTo(LEAST_FLOOR) < 0 || floor.compareTo(LARGEST_FLOOR) > 0) {
            throw new UnfitException("--floor must be 50ms to 5m: " + Durations.written(floor));
        }
        if (keepIncidents < 1 || keepMegabytes < 1) {
            throw new UnfitException("--keep-incidents and --keep-megabytes must be at least 1");
        }
        for (HangKind kind : responses.keySet()) {
            if (Finding.excuses(kind)) {
                throw new UnfitException("--respond: " + kind + " is never acted on");
            }
        }
        if (!jsonEvents) {
            Logging.defaultLevel("INFO");
        }
        InetSocketAddress address = listen == null ? null : HealthServer.address(listen, expose);
        Path folder = Groups.living(group);
        PrivateFolder saved = PrivateFolder.prepare(incidents);
        try (EventLines lines = onStandardOutput();
                IncidentHook hook = onIncident == null ? null
                        : new IncidentHook(onIncident, folder.toString(), HOOK_MILLIS)) {
            JsonListener json = jsonEvents ? new JsonListener(lines) : null;
            WatchdogListener told = json == null ? WatchdogListener.NONE : json;
            WatchdogBuilder builder = Watchdog.builder(folder).mode(mode).floor(floor)
                    .incidents(saved.path())
                    .keepIncidents(keepIncidents, keepMegabytes * MEGABYTE).externalTools(tools)
                    .listener(hook == null ? told : new HookedListener(told, hook));
            responses.forEach(builder::respond);
            try (Watchdog watchdog = builder.build();
                    HealthServer health = address == null ? null
                            : new HealthServer(address, watchdog::healthCheck, new MetricsPage(watchdog)::text)) {
                if (json != null) {
                    lines.add("attached", Map.of("group", folder.toString(), "mode", mode.name()));
                    watchdog.onLearnedClass(json::learned);
                }
                if (health != null) {
                    say(lines, health.port());
                }
                watchdog.run();
            }
        }
        return ExitCode.OK;
    }

    private void say(EventLines lines, int port) {
        if (jsonEvents) {
            lines.add("listening", Map.of("port", port));
        } else {
            System.err.println("listening on port " + port + " for GET /health and GET /metrics");
        }
    }

    private static EventLines onStandardOutput() {
        return new EventLines(System.out::println);
    }
}
