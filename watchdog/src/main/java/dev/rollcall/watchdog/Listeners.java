package dev.rollcall.watchdog;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls listeners so that what they throw costs the watchdog nothing. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(WatchdogListener.class);

    private Listeners() {
    }

    static void tell(WatchdogListener listener, Consumer<WatchdogListener> what) {
        try {
            what.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("watchdog listener failed: listener={}", listener.getClass().getName(), e);
        }
    }
}
