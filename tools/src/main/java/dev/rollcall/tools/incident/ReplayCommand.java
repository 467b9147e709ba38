package dev.rollcall.tools.incident;

import dev.rollcall.tools.console.Durations;
import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.Json;
import dev.rollcall.tools.console.UnfitException;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.Replay;
import dev.rollcall.watchdog.incident.IncidentReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rollcall incident replay}: the diagnoser over the saved snapshots once more. */
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Judges a saved incident again from its snapshots: the same limits must reach the same verdict.",
        "With other limits it says what they would have done."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:the same verdict, or with other limits: answered",
                "1:another verdict, or the incident is damaged, of a later release or not this user's to read",
                "2:wrong arguments, or no such incident"}, footer = {"",
                        "Times count from the last progress. What came after the saved verdict is its consequence and is not"
                                + " judged again, so a longer floor can only answer 'not yet'."})
final class ReplayCommand implements Callable<Integer> {
    private static final Duration LEAST_FLOOR = Duration.ofMillis(1);
    private static final Duration LARGEST_FLOOR = Duration.ofHours(1);

    @Parameters(paramLabel = "DIR", description = "an incident's folder, or its name below --incidents")
    private Path incident = Path.of("");

    @Option(names = "--floor", paramLabel = "TIME", converter = Durations.class, description = "what if the shortest limit had been this")
    private @Nullable Duration floor;

    @Option(names = "--incidents", paramLabel = "DIR", defaultValue = Incidents.DEFAULT, description = "where they are saved (default ./incidents)")
    private Path incidents = Path.of(Incidents.DEFAULT);

    @Option(names = "--json", description = "one line of JSON instead")
    private boolean json;

    /** For picocli. */
    ReplayCommand() {
    }

    @Override
    public Integer call() {
        Duration wanted = floor;
        if (wanted != null && (wanted.compareTo(LEAST_FLOOR) < 0 || wanted.compareTo(LARGEST_FLOOR) > 0)) {
            throw new UnfitException("--floor must be 1ms to 1h: " + wanted.toMillis() + "ms");
        }
        Incident saved = IncidentReader.read(Incidents.find(incident, incidents));
        Replay replay = wanted == null ? Replay.of(saved) : Replay.withFloor(saved, wanted);
        ReplayText text = new ReplayText(saved, replay, wanted == null);
        if (json) {
            System.out.println(Json.line(text.json()));
        } else {
            text.lines().forEach(System.out::println);
        }
        return replay.same() || wanted != null ? ExitCode.OK : ExitCode.FAILED;
    }
}
