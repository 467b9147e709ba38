package dev.rollcall.tools.hangsim;

import dev.rollcall.rpc.RemoteCallException;
import dev.rollcall.tools.console.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the driver tells the stage hand, one JSON object per line. Any thread. */
final class DriverEvents {
    private final PrintStream out;

    DriverEvents(PrintStream out) {
        this.out = out;
    }

    synchronized void tell(String event, Map<String, ?> facts) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.putAll(facts);
        out.println(Json.line(line));
        out.flush();
    }

    /** The first step that failed, and why. */
    void failed(Throwable cause) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cause", cause.getClass().getSimpleName());
        facts.put("message", String.valueOf(cause.getMessage()));
        if (cause instanceof RemoteCallException remote) {
            facts.put("rank", remote.rank());
            facts.put("remoteType", remote.remoteType());
        }
        tell("failed", facts);
    }

    /** The driver could not do its part; unfit means that the machine is to blame. */
    void error(Throwable error, boolean unfit) {
        tell("error", Map.of("unfit", unfit, "message", String.valueOf(error.getMessage())));
    }
}
