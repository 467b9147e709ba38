package dev.rollcall.watchdog;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners, one after the other, so that what one throws costs neither the watchdog nor the next. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(WatchdogListener.class);

    private final List<WatchdogListener> all;

    Listeners(List<WatchdogListener> all) {
        this.all = List.copyOf(all);
    }

    void tell(Consumer<WatchdogListener> what) {
        for (WatchdogListener listener : all) {
            try {
                what.accept(listener);
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                LOG.error("watchdog listener failed: listener={}", listener.getClass().getName(), e);
            }
        }
    }
}
