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
 * @param load     what to ask
 * @param heap     of a worker in megabytes, 0 for the usual
 */
record DriverArguments(int workers, int requests, long seed, boolean keep, Load load, int heap) {

    private static final int LARGE_HEAP = 3072;

    static DriverArguments of(SimOptions options) {
        return new DriverArguments(options.workers(), options.requests(), options.seed(), options.keep(),
                options.load(),
                options.fault() == Fault.COLLECT ? LARGE_HEAP : 0);
    }

    List<String> line() {
        return List.of("workers=" + workers, "requests=" + requests, "seed=" + seed, "keep=" + keep,
                "load=" + load.name(), "heap=" + heap);
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
                Long.parseLong(value(values, "seed")), Boolean.parseBoolean(value(values, "keep")),
                Load.ofName(value(values, "load")), Integer.parseInt(value(values, "heap")));
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("missing argument: " + name);
        }
        return value;
    }
}
