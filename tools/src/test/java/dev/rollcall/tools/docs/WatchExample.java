package dev.rollcall.tools.docs;

import dev.rollcall.watchdog.HealthCheck;
import dev.rollcall.watchdog.Watchdog;
import dev.rollcall.watchdog.WatchdogListener;
import dev.rollcall.watchdog.WatchdogMode;
import java.nio.file.Path;
import java.time.Duration;

/** What the watchdog's README shows, so that it compiles and runs. */
final class WatchExample {
    private WatchExample() {
    }

    // example
    /** Watches a group until it ends; the caller's thread is the watchdog's. */
    static HealthCheck watch(Path group, Path incidents, WatchdogListener listener) {
        try (Watchdog watchdog = Watchdog.builder(group)
                .mode(WatchdogMode.OBSERVE) // say what would be done; ENFORCE fails the calls in flight
                .floor(Duration.ofSeconds(1))
                .incidents(incidents)
                .keepIncidents(20, 256L << 20)
                .listener(listener)
                .build()) {
            watchdog.run(); // or call doWork() from a loop of your own, every 50 ms
            return watchdog.healthCheck();
        }
    }
    // end of example
}
