package dev.rollcall.watchdog;

import java.util.List;
import java.util.function.Predicate;

/** How long something has been so, read from a window. Pure; any thread. */
final class Span {
    private Span() {
    }

    /**
     * Time for which it has held in every snapshot up to the newest; negative when it does not hold now. As with ages, a
     * tick counts for at most two tick lengths: what happened while the watchdog was late is unknown.
     */
    static long lasted(List<GroupSnapshot> window, Predicate<GroupSnapshot> holds) {
        if (!holds.test(window.getLast())) {
            return -1;
        }
        long nanos = 0;
        for (int i = window.size() - 1; i > 0 && holds.test(window.get(i - 1)); i--) {
            GroupSnapshot later = window.get(i);
            GroupSnapshot earlier = window.get(i - 1);
            nanos += Math.min(later.atNanos() - earlier.atNanos(),
                    2 * Watchdog.TICK_NANOS * (later.tick() - earlier.tick()));
        }
        return nanos;
    }
}
