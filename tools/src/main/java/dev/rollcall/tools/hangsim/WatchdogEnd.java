package dev.rollcall.tools.hangsim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the rehearsal's watchdog came to an end that is none of the play's: it said that it failed, or its process ended
 * with anything but 0, as it does when its group has ended. Stage hand's thread.
 */
final class WatchdogEnd {
    private @Nullable String failure;

    /** Any event of the watchdog's. */
    void heard(JsonNode event) {
        if (failure == null && event.path("event").asText().equals("failed")) {
            failure = event.path("reason").asText();
        }
    }

    /**
     * What happened to it.
     *
     * @param exit      of its process, null while that lives or has not been read to its end
     * @param lastWords of its process
     * @return one line, null when nothing did
     */
    @Nullable
    String trouble(@Nullable Integer exit, Supplier<String> lastWords) {
        String said = failure;
        if (said != null) {
            return "the watchdog failed: " + said;
        }
        return exit == null || exit == 0 ? null : "the watchdog ended: " + lastWords.get();
    }
}
