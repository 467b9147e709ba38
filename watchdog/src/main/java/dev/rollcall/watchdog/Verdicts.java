package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Verdicts reached so far. One thread: the watchdog's. The first that is acted on against a rank ends the epoch, so further
 * ones are its echo; a driver that then hangs in tearing down is another matter. What is only observed may come again after
 * it has gone.
 */
final class Verdicts {
    private static final int MAX_OBSERVED = 16;

    private final List<Entry> entries = new ArrayList<>();
    private long count;

    /** Mutable only in its timeline, which is completed while the calls fail. */
    private static final class Entry {
        private final Finding finding;
        private final boolean enforced;
        private final long readNanos;
        private Timeline timeline;

        Entry(Finding finding, boolean enforced, long readNanos, Timeline timeline) {
            this.finding = finding;
            this.readNanos = readNanos;
            this.enforced = enforced;
            this.timeline = timeline;
        }
    }

    boolean isNew(Finding finding, boolean enforce) {
        boolean driver = finding.rank() == Verdict.DRIVER;
        for (Entry old : entries) {
            boolean echo = old.enforced && (!enforce || (old.finding.rank() == Verdict.DRIVER) == driver);
            if (echo || old.finding.sameCase(finding)) {
                return false;
            }
        }
        return enforce || count < MAX_OBSERVED;
    }

    /** {@code readNanos}: time of the snapshot it was reached at. */
    void add(Finding finding, boolean enforced, long readNanos, Timeline timeline) {
        entries.add(new Entry(finding, enforced, readNanos, timeline));
        count++;
    }

    /** Cases that were only observed, and are over. Their evidence keeps the timeline it was given. */
    void forget(Diagnosis diagnosis) {
        if (!entries.isEmpty()) {
            entries.removeIf(
                    old -> !old.enforced && diagnosis.findings().stream().noneMatch(old.finding::sameCase));
        }
    }

    /** The calls in flight have ended: that is the driver's answer to a verdict. It may be some ticks old when it is seen. */
    void noteFailed(GroupSnapshot snapshot, FailureTimes failures) {
        for (Entry each : entries) {
            Timeline old = each.timeline;
            boolean later = snapshot.atNanos() - old.verdictNanos() > 0;
            if (each.enforced && later && old.failedNanos() == 0 && snapshot.inFlight().isEmpty()) {
                long failed = failures.last(each.readNanos, System.nanoTime());
                each.timeline = new Timeline(old.wallClockMillis(), old.lastProgressNanos(), old.firstSignNanos(),
                        old.suspectNanos(), old.verdictNanos(), failed != 0 ? failed : snapshot.atNanos());
            }
        }
    }

    /** The timeline as completed since, or the given one when the case has been forgotten. */
    Timeline timeline(Finding finding, Timeline given) {
        return entries.stream().filter(each -> each.finding.equals(finding)).map(each -> each.timeline).findFirst()
                .orElse(given);
    }

    boolean any() {
        return !entries.isEmpty();
    }

    /** One was acted on. */
    boolean anyEnforced() {
        for (Entry each : entries) {
            if (each.enforced) {
                return true;
            }
        }
        return false;
    }

    long count() {
        return count;
    }
}
