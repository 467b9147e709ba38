package dev.rollcall.tools.incident;

import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.Json;
import dev.rollcall.watchdog.incident.IncidentStore;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rollcall incident list}. */
@Command(name = "list", mixinStandardHelpOptions = true, sortOptions = false, description = "Lists saved incidents, newest first.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:listed, also when there is nothing to list", "1:the folder could not be read",
        "2:wrong arguments, or no such folder"})
final class ListCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
            .withZone(ZoneId.systemDefault());
    private static final double MEGABYTE = 1 << 20;

    @Option(names = "--incidents", paramLabel = "DIR", defaultValue = Incidents.DEFAULT, description = "where they are saved (default ./incidents)")
    private Path incidents = Path.of(Incidents.DEFAULT);

    @Option(names = "--json", description = "One line of JSON: {\"incidents\":[...]}")
    private boolean json;

    /** For picocli. */
    ListCommand() {
    }

    @Override
    public Integer call() {
        List<IncidentStore.Entry> entries = Incidents.all(incidents);
        if (json) {
            System.out.println(Json.line(Map.of("incidents", entries.stream().map(entry -> Map.of("name", entry.name(),
                    "path", entry.path().toAbsolutePath().normalize().toString(), "modifiedMillis",
                    entry.modified().toEpochMilli(), "bytes", entry.bytes())).toList())));
        } else if (entries.isEmpty()) {
            System.out.println("no incidents below " + incidents);
        } else {
            entries.forEach(entry -> System.out.printf(Locale.ROOT, "%s  %5.1f MB  %s%n", TIME.format(entry.modified()),
                    entry.bytes() / MEGABYTE, entry.name()));
        }
        return ExitCode.OK;
    }
}
