package dev.rollcall.watchdog;

import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.SectionStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds the ages to a snapshot, from the one before it. Pure; any thread.
 *
 * <p>
 * A tick counts for at most two tick lengths, however late it came. It counts in full for a thread that got a CPU at
 * all: a spinning thread among CPU hogs gets a share only, and must be found nevertheless.
 */
final class Aging {
    /** A runnable thread that got less than this part of a tick did not run. */
    private static final long STARVED_PART = 50;

    private final long longestStepNanos;

    Aging(long tickNanos) {
        longestStepNanos = 2 * tickNanos;
    }

    GroupSnapshot age(@Nullable GroupSnapshot before, GroupSnapshot now) {
        if (before == null || before.ranks().size() != now.ranks().size()) {
            return now;
        }
        long elapsed = now.atNanos() - before.atNanos();
        GroupView view = new GroupView(now);
        List<RankSnapshot> ranks = new ArrayList<>(now.ranks().size());
        for (int rank = 0; rank < now.ranks().size(); rank++) {
            ranks.add(rank(before.ranks().get(rank), now.ranks().get(rank), elapsed, view));
        }
        return new GroupSnapshot(now.tick(), now.atNanos(), now.lateNanos(), now.group(), now.epoch(),
                driver(before.driver(), now.driver(), elapsed), ranks, now.inFlight(), now.requests(), now.replies());
    }

    private RankSnapshot rank(RankSnapshot before, RankSnapshot now, long elapsed, GroupView view) {
        RankStatus was = before.board();
        RankStatus is = now.board();
        Ages old = before.ages();
        ThreadFacts loop = now.facts().loop();
        long step = Math.min(elapsed, longestStepNanos);
        boolean starved = isStarved(before.facts().loop(), loop, elapsed);
        boolean frozen = now.facts().frozen();
        long counted = starved || frozen || isHeld(loop) ? 0 : step;
        boolean sameCall = GroupView.inCall(is) && is.started() == was.started();
        boolean sameSection = sectionOf(is) != 0 && sectionOf(is) == sectionOf(was);
        boolean stillMissing = view.missedBy(now) != null && is.started() == was.started()
                && is.collectives().equals(was.collectives());
        return new RankSnapshot(is, now.facts(), new Ages(sameCall ? old.callNanos() + counted : 0,
                stillMissing ? old.missingNanos() + counted : 0, sameSection ? old.sectionNanos() + counted : 0,
                silence(is.loopTicks() == was.loopTicks(), old.loopNanos(), starved || frozen, loop, step),
                silence(is.pulses() == was.pulses(), old.pulseNanos(), starved || frozen, loop, step),
                lasted(loop, 'T', old.stoppedReadings(), old.stoppedNanos(), step),
                readings(loop, 'T', old.stoppedReadings()),
                lasted(loop, 't', old.tracedReadings(), old.tracedNanos(), step),
                readings(loop, 't', old.tracedReadings()), starved ? old.starvedNanos() + step : 0));
    }

    private DriverSnapshot driver(DriverSnapshot before, DriverSnapshot now, long elapsed) {
        Ages old = before.ages();
        ThreadFacts loop = now.facts().loop();
        long step = Math.min(elapsed, longestStepNanos);
        boolean starved = isStarved(before.facts().loop(), loop, elapsed);
        boolean excused = starved || now.facts().frozen();
        boolean loopSilent = now.board().loopTicks() == before.board().loopTicks();
        boolean pulseSilent = now.board().pulses() == before.board().pulses();
        return new DriverSnapshot(now.board(), now.facts(), new Ages(0, 0, 0,
                silence(loopSilent, old.loopNanos(), excused, loop, step),
                silence(pulseSilent, old.pulseNanos(), excused, loop, step),
                lasted(loop, 'T', old.stoppedReadings(), old.stoppedNanos(), step),
                readings(loop, 'T', old.stoppedReadings()),
                lasted(loop, 't', old.tracedReadings(), old.tracedNanos(), step),
                readings(loop, 't', old.tracedReadings()), starved ? old.starvedNanos() + step : 0));
    }

    /** Silence of a starved, frozen or traced thread says nothing; that of a stopped one does. */
    private static long silence(boolean silent, long old, boolean unable, @Nullable ThreadFacts loop, long step) {
        boolean excused = unable || (loop != null && loop.state() == 't');
        return silent ? old + (excused ? 0 : step) : 0;
    }

    private static boolean isStarved(@Nullable ThreadFacts before, @Nullable ThreadFacts now, long elapsed) {
        return before != null && now != null && before.tid() == now.tid() && before.state() == 'R'
                && now.state() == 'R' && before.runNanos() >= 0
                && now.runNanos() >= 0 && now.runNanos() - before.runNanos() < elapsed / STARVED_PART;
    }

    private static boolean isHeld(@Nullable ThreadFacts loop) {
        return loop != null && (loop.state() == 'T' || loop.state() == 't');
    }

    private static long lasted(@Nullable ThreadFacts loop, char state, int readings, long nanos, long step) {
        return loop != null && loop.state() == state && readings > 0 ? nanos + step : 0;
    }

    private static int readings(@Nullable ThreadFacts loop, char state, int readings) {
        return loop != null && loop.state() == state ? readings + 1 : 0;
    }

    private static long sectionOf(RankStatus status) {
        SectionStatus section = status.section();
        return section == null ? 0 : section.sequence();
    }
}
