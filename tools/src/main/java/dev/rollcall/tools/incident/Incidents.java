package dev.rollcall.tools.incident;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.UnfitException;
import dev.rollcall.watchdog.incident.IncidentStore;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Finds an incident as a command line names it. Any thread. */
final class Incidents {
    /** Where hangsim and sidecar save unless told otherwise. */
    static final String DEFAULT = "incidents";

    private static final String JSON = "incident.json";

    private Incidents() {
    }

    /** All that are saved below a folder, which must be there. */
    static List<IncidentStore.Entry> all(Path incidents) {
        if (!isThere(incidents)) {
            throw new UnfitException("no such folder: " + incidents + " (--incidents DIR names another)");
        }
        if (!Files.isDirectory(incidents)) {
            throw new UnfitException("not a folder: " + incidents + " (--incidents DIR names another)");
        }
        return new IncidentStore(incidents).list();
    }

    /**
     * A folder or its incident.json as given, or a name as {@code incident list} prints it. If it is a folder, there is an
     * incident.json in it.
     *
     * @throws UnfitException    when there is none
     * @throws RollcallException when this user may not look
     */
    static Path find(Path named, Path incidents) {
        Path found = isThere(named) ? named : incidents.resolve(named);
        if (!isThere(found)) {
            throw new UnfitException("no such incident: " + named + " (see rollcall incident list)");
        }
        if (Files.isDirectory(found) && !(isThere(found.resolve(JSON)) && Files.isRegularFile(found.resolve(JSON)))) {
            throw new UnfitException("no incident in this folder: " + found + " has no " + JSON
                    + " (see rollcall incident list)");
        }
        return found;
    }

    /** Who may not look does not know. */
    private static boolean isThere(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class) != null;
        } catch (AccessDeniedException e) {
            throw new RollcallException("incident not readable path=" + path + " error=" + e, e);
        } catch (IOException absent) {
            return false;
        }
    }
}
