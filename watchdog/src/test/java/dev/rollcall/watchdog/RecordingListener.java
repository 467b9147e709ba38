package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Verdict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a watchdog said. */
final class RecordingListener implements WatchdogListener {
    final List<Finding> suspected = new CopyOnWriteArrayList<>();
    final List<Finding> cleared = new CopyOnWriteArrayList<>();
    final List<Finding> decided = new CopyOnWriteArrayList<>();
    final List<Timeline> timelines = new CopyOnWriteArrayList<>();
    final List<Verdict> sealed = new CopyOnWriteArrayList<>();
    final List<Boolean> driverKilled = new CopyOnWriteArrayList<>();
    final List<String> ended = new CopyOnWriteArrayList<>();

    @Override
    public void suspected(Finding finding, long atNanos) {
        suspected.add(finding);
        throw new IllegalStateException("what a listener throws must cost the watchdog nothing");
    }

    @Override
    public void cleared(Finding finding, long lastedNanos) {
        cleared.add(finding);
    }

    @Override
    public void decided(Verdict verdict, Finding finding, boolean enforced, Timeline timeline) {
        timelines.add(timeline);
        decided.add(finding);
    }

    @Override
    public void sealed(Verdict verdict, Timeline timeline, long atNanos) {
        sealed.add(verdict);
    }

    @Override
    public void driverKilled(Verdict verdict, boolean dead) {
        driverKilled.add(dead);
    }

    @Override
    public void ended(String reason) {
        ended.add(reason);
    }
}
