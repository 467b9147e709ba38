package dev.rollcall.tools.hangsim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the stage hand tells the driver at its start, as {@code name=value}.
 *
 * @param workers  ranks
 * @param requests request loops
 * @param seed     of the load
 * @param keep     leave the group's files
 */
record DriverArguments(int workers, int requests, long seed, boolean keep) {

    static DriverArguments of(SimOptions options) {
        return new DriverArguments(options.workers(), options.requests(), options.seed(), options.keep());
    }

    List<String> line() {
        return List.of("workers=" + workers, "requests=" + requests, "seed=" + seed, "keep=" + keep);
    }

    static DriverArguments parse(String... line) {
        Map<String, String> values = new HashMap<>();
        for (String argument : line) {
            int equals = argument.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("not name=value: " + argument);
            }
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return new DriverArguments(Integer.parseInt(value(values, "workers")),
                Integer.parseInt(value(values, "requests")),
                Long.parseLong(value(values, "seed")), Boolean.parseBoolean(value(values, "keep")));
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("missing argument: " + name);
        }
        return value;
    }
}
