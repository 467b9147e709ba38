package dev.rollcall.watchdog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rank's loop thread did in the last second of the window, within its present call. Pure; any thread. */
final class ThreadHistory {
    private static final long SPAN_NANOS = 1_000_000_000L;
    private static final long CPU_TICK_NANOS = 10_000_000L;

    private final List<GroupSnapshot> window;

    ThreadHistory(List<GroupSnapshot> window) {
        this.window = window;
    }

    /**
     * Runnable in most readings and its run time grew. Not by share of CPU alone: among hogs a spinning thread gets a
     * small one.
     */
    boolean isSpinning(RankSnapshot rank) {
        Readings readings = read(rank);
        return readings.running * 2 > readings.count && readings.cpuNanos > 0;
    }

    /** In state D in most readings, the newest included: a short wait for a page or a lock is everybody's. */
    boolean isUninterruptible(RankSnapshot rank) {
        ThreadFacts loop = rank.facts().loop();
        Readings readings = read(rank);
        return loop != null && loop.state() == 'D' && readings.uninterruptible * 2 > readings.count;
    }

    String runningOf(RankSnapshot rank) {
        Readings readings = read(rank);
        return readings.running + " of " + readings.count + " readings";
    }

    long cpuPercent(RankSnapshot rank) {
        Readings readings = read(rank);
        return readings.elapsedNanos == 0 ? 0 : Math.min(100, 100 * readings.cpuNanos / readings.elapsedNanos);
    }

    /** State and the newest kernel function it was seen waiting in. */
    String waitOf(RankSnapshot rank) {
        ThreadFacts loop = rank.facts().loop();
        if (loop == null || !loop.wchan().isEmpty()) {
            return Phrases.thread(loop);
        }
        for (GroupSnapshot snapshot : window.reversed()) {
            ThreadFacts earlier = snapshot.ranks().get(rank.board().rank()).facts().loop();
            if (earlier != null && earlier.state() == loop.state() && !earlier.wchan().isEmpty()) {
                return Phrases.thread(earlier);
            }
        }
        return Phrases.thread(loop);
    }

    private Readings read(RankSnapshot rank) {
        long newest = window.getLast().atNanos();
        int count = 0;
        int running = 0;
        int uninterruptible = 0;
        long oldestAt = newest;
        ThreadFacts last = rank.facts().loop();
        ThreadFacts oldest = last;
        for (GroupSnapshot snapshot : window.reversed()) {
            RankSnapshot then = snapshot.ranks().get(rank.board().rank());
            ThreadFacts loop = then.facts().loop();
            boolean same = then.board().started() == rank.board().started()
                    && then.board().finished() == rank.board().finished();
            if (loop == null || last == null || !same || loop.tid() != last.tid()
                    || newest - snapshot.atNanos() > SPAN_NANOS) {
                break;
            }
            count++;
            running += loop.state() == 'R' ? 1 : 0;
            uninterruptible += loop.state() == 'D' ? 1 : 0;
            oldest = loop;
            oldestAt = snapshot.atNanos();
        }
        return new Readings(count, running, uninterruptible, newest - oldestAt, cpuBetween(oldest, last));
    }

    private static long cpuBetween(@Nullable ThreadFacts from, @Nullable ThreadFacts to) {
        if (from == null || to == null) {
            return 0;
        }
        return from.runNanos() >= 0 && to.runNanos() >= 0 ? to.runNanos() - from.runNanos()
                : (to.cpuTicks() - from.cpuTicks()) * CPU_TICK_NANOS;
    }

    private record Readings(int count, int running, int uninterruptible, long elapsedNanos, long cpuNanos) {
    }
}
