package dev.rollcall.rpc;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a launcher tells a {@link WorkerProcess} who it is: environment for what every kind of worker needs, command line
 * for what only ours does.
 *
 * @param group     the group's directory
 * @param rank      this worker's rank
 * @param clock     see {@link SharedClock}
 * @param handler   class name of the {@link Worker}
 * @param arguments strings for {@link WorkerContext#arguments()}
 */
record WorkerSettings(Path group, int rank, String clock, String handler, Map<String, String> arguments) {

    static final String GROUP = "ROLLCALL_GROUP";
    static final String RANK = "ROLLCALL_RANK";
    static final String CLOCK = "ROLLCALL_CLOCK";

    WorkerSettings {
        arguments = Map.copyOf(arguments);
    }

    WorkerRun.Identity identity() {
        return new WorkerRun.Identity(group, rank, clock, arguments);
    }

    /** Throws IllegalArgumentException with a line for the user. */
    static WorkerSettings of(Map<String, String> environment, String... line) {
        if (line.length == 0) {
            throw new IllegalArgumentException("no handler class; use: WorkerProcess <class> [name=value]...");
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        for (int i = 1; i < line.length; i++) {
            int equals = line[i].indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("not name=value argument=" + line[i]);
            }
            arguments.put(line[i].substring(0, equals), line[i].substring(equals + 1));
        }
        String rank = need(environment, RANK);
        try {
            return new WorkerSettings(Path.of(need(environment, GROUP)), Integer.parseInt(rank),
                    environment.getOrDefault(CLOCK, ""), line[0], arguments);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a rank " + RANK + "=" + rank, e);
        }
    }

    private static String need(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set; a worker is started by its group's launcher");
        }
        return value;
    }
}
