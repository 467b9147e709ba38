package dev.rollcall.tools.incident;

import dev.rollcall.tools.console.UnfitException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds an incident as a command line names it. Any thread. */
final class Incidents {
    /** Where hangsim and sidecar save unless told otherwise. */
    static final String DEFAULT = "incidents";

    private Incidents() {
    }

    /** A folder or its incident.json as given, or a name as {@code incident list} prints it. */
    static Path find(String named, Path incidents) {
        Path path = Path.of(named);
        if (Files.exists(path)) {
            return path;
        }
        Path below = incidents.resolve(named);
        if (!path.isAbsolute() && Files.isDirectory(below)) {
            return below;
        }
        throw new UnfitException("no such incident: " + named + " (see rollcall incident list)");
    }
}
