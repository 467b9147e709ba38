package dev.rollcall.stress.kill;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** What those who live on met with. Any thread. */
final class Ledger {
    /**
     * Later than this after a deadline is called hanging. No wait looks at its deadline less often than every 200 ms, and what ends
     * a group has its own seconds in the deadline; the rest is for a thread that comes late to a core that others keep busy.
     */
    static final Duration GRACE = Duration.ofSeconds(2);

    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> told = new LinkedHashMap<>();
    private long lateNanos;

    /** Something that must not be. */
    void trouble(String what) {
        troubles.add(what);
    }

    List<String> troubles() {
        return troubles;
    }

    /** Something that is as it may be. */
    synchronized void tell(String what) {
        told.merge(what, 1, Integer::sum);
    }

    synchronized String told() {
        return told.entrySet().stream()
                .map(entry -> entry.getKey() + (entry.getValue() == 1 ? "" : " x" + entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** How long after its deadline the latest ended. */
    synchronized long lateNanos() {
        return lateNanos;
    }

    /** Does what promises to come back by its deadline, with or without success. */
    <T> T within(String what, Duration deadline, Callable<T> work) throws Exception {
        long start = System.nanoTime();
        try {
            return work.call();
        } finally {
            late(what, System.nanoTime() - start - deadline.toNanos());
        }
    }

    /** It ended that long after its deadline; less than zero is before. */
    synchronized void late(String what, long nanos) {
        lateNanos = Math.max(lateNanos, nanos);
        if (nanos > GRACE.toNanos()) {
            trouble(what + " came back " + nanos / 1_000_000 + " ms after its deadline");
        }
    }
}
