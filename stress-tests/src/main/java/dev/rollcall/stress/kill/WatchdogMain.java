package dev.rollcall.stress.kill;

import dev.rollcall.watchdog.Watchdog;
import java.nio.file.Path;

/** Watches a group until it ends, and saves what it sees there in place of what was seen before. */
public final class WatchdogMain {
    private WatchdogMain() {
    }

    /** The group's folder, and that of the incidents. */
    public static void main(String[] args) {
        Part.play(() -> {
            try (Watchdog watchdog = Watchdog.builder(Path.of(args[0])).incidents(Path.of(args[1]))
                    .keepIncidents(1, Long.MAX_VALUE).build()) {
                watchdog.run();
            }
        });
    }
}
