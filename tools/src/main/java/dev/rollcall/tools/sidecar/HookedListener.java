package dev.rollcall.tools.sidecar;

import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.Timeline;
import dev.rollcall.watchdog.WatchdogListener;

/**
 * Passes everything on, and saved evidence to the hook as well. The watchdog's thread.
 *
 * @param next told everything
 * @param hook told of evidence
 */
record HookedListener(WatchdogListener next, IncidentHook hook) implements WatchdogListener {
    @Override
    public void suspected(Finding finding, long atNanos) {
        next.suspected(finding, atNanos);
    }

    @Override
    public void cleared(Finding finding, long lastedNanos) {
        next.cleared(finding, lastedNanos);
    }

    @Override
    public void decided(Verdict verdict, Finding finding, boolean enforced, Timeline timeline) {
        next.decided(verdict, finding, enforced, timeline);
    }

    @Override
    public void sealed(Verdict verdict, Timeline timeline, long atNanos) {
        hook.sealed(verdict);
        next.sealed(verdict, timeline, atNanos);
    }

    @Override
    public void driverKilled(Verdict verdict, boolean dead) {
        next.driverKilled(verdict, dead);
    }

    @Override
    public void ended(String reason) {
        next.ended(reason);
    }

    @Override
    public void failed(Throwable cause) {
        next.failed(cause);
    }
}
