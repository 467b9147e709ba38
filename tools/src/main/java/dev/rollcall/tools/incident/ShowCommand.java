package dev.rollcall.tools.incident;

import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.watchdog.incident.IncidentReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rollcall incident show}. */
@Command(name = "show", mixinStandardHelpOptions = true, sortOptions = false, description = "Tells one incident in words, from its incident.json.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:shown", "1:the incident is damaged, of a later release or not this user's to read",
        "2:wrong arguments, or no such incident"})
final class ShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "an incident's folder, or its name below --incidents")
    private Path incident = Path.of("");

    @Option(names = "--incidents", paramLabel = "DIR", defaultValue = Incidents.DEFAULT, description = "where they are saved (default ./incidents)")
    private Path incidents = Path.of(Incidents.DEFAULT);

    /** For picocli. */
    ShowCommand() {
    }

    @Override
    public Integer call() {
        Path path = Incidents.find(incident, incidents);
        System.out.print(IncidentReader.report(IncidentReader.read(path)));
        Path page = path.resolve("report.html");
        if (Files.isRegularFile(page)) {
            System.out.println("\nreport: " + page);
        }
        return ExitCode.OK;
    }
}
