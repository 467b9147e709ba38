package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.watchdog.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the rehearsal's watchdog is told besides, in the words of {@code rollcall sidecar}.
 *
 * @param responses  how far to go, per kind; {@link Response#KILL} for the others
 * @param tools      whether jcmd, py-spy and gdb may look at the culprit
 * @param onIncident run by sh once evidence is saved, null for nothing
 */
record SidecarWishes(Map<HangKind, Response> responses, boolean tools, @Nullable String onIncident) {
    static final SidecarWishes NONE = new SidecarWishes(Map.of(), false, null);

    /** Copies the map. */
    SidecarWishes {
        responses = Map.copyOf(responses);
    }

    Response responseTo(HangKind kind) {
        return responses.getOrDefault(kind, Response.KILL);
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (!responses.isEmpty()) {
            arguments.add("--respond");
            arguments.add(responses.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).sorted()
                    .collect(Collectors.joining(",")));
        }
        if (tools) {
            arguments.add("--tools");
        }
        if (onIncident != null) {
            arguments.add("--on-incident");
            arguments.add(onIncident);
        }
        return arguments;
    }
}
