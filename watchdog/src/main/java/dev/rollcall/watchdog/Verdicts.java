package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Verdicts reached so far. One thread: the watchdog's. Enforcing, the first against a rank ends the epoch, so further ones
 * are its echo; a driver that then hangs in tearing down is another matter. Observing, a case may come again after it has
 * gone.
 */
final class Verdicts {
    private static final int MAX_OBSERVED = 16;

    private final WatchdogMode mode;
    private final List<Entry> entries = new ArrayList<>();
    private long count;

    /** Mutable only in its timeline, which is completed while the calls fail. */
    private static final class Entry {
        private final Finding finding;
        private Timeline timeline;

        Entry(Finding finding, Timeline timeline) {
            this.finding = finding;
            this.timeline = timeline;
        }
    }

    Verdicts(WatchdogMode mode) {
        this.mode = mode;
    }

    boolean isNew(Finding finding) {
        if (mode == WatchdogMode.OBSERVE) {
            return count < MAX_OBSERVED && entries.stream().noneMatch(old -> old.finding.sameCase(finding));
        }
        boolean driver = finding.rank() == Verdict.DRIVER;
        return entries.stream().noneMatch(old -> (old.finding.rank() == Verdict.DRIVER) == driver);
    }

    void add(Finding finding, Timeline timeline) {
        entries.add(new Entry(finding, timeline));
        count++;
    }

    /** Observing: cases that are over. Their evidence keeps the timeline it was given. */
    void forget(Diagnosis diagnosis) {
        if (mode == WatchdogMode.OBSERVE) {
            entries.removeIf(old -> diagnosis.findings().stream().noneMatch(old.finding::sameCase));
        }
    }

    /** The calls in flight have ended: that is the driver's answer to a verdict. */
    void noteFailed(GroupSnapshot snapshot) {
        for (Entry each : entries) {
            Timeline old = each.timeline;
            boolean later = snapshot.atNanos() - old.verdictNanos() > 0;
            if (mode == WatchdogMode.ENFORCE && later && old.failedNanos() == 0 && snapshot.inFlight().isEmpty()) {
                each.timeline = new Timeline(old.wallClockMillis(), old.lastProgressNanos(), old.firstSignNanos(),
                        old.suspectNanos(), old.verdictNanos(), snapshot.atNanos());
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

    long count() {
        return count;
    }
}
