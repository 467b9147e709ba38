package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.watchdog.GroupSnapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls of one rank as stretches of time. Readings are one tick apart and calls may be shorter, so what began and
 * ended between two readings is spread evenly between them; no clock but the watchdog's own is used. Any thread.
 */
final class CallBars {
    private static final int MAX_EVENTS = 64;
    /** What lay between two readings further apart than this is drawn as one stretch. */
    private static final long LONGEST_STEP_NANOS = 1_000_000_000L;

    private CallBars() {
    }

    /**
     * One call.
     *
     * @param from     begun
     * @param to       ended, or last reading
     * @param finished whether its end was seen
     */
    record Bar(long from, long to, boolean finished) {
    }

    /** Bars of one rank, oldest first; the last may be unfinished. */
    static List<Bar> of(GroupSnapshot[] window, int rank) {
        List<Bar> bars = new ArrayList<>();
        double idle = idleWeight(window, rank);
        long open = -1;
        for (int i = 0; i < window.length; i++) {
            RankStatus now = status(window[i], rank);
            long at = window[i].atNanos();
            boolean busy = now.started() > now.finished();
            if (i == 0) {
                open = busy ? at : -1;
                continue;
            }
            RankStatus before = status(window[i - 1], rank);
            long since = window[i - 1].atNanos();
            long events = now.started() - before.started() + now.finished() - before.finished();
            if (events < 0 || events > MAX_EVENTS || (events > 0 && at - since > LONGEST_STEP_NANOS)) {
                bars.add(new Bar(open < 0 ? since : open, at, true));
                open = busy ? at : -1;
                continue;
            }
            open = spread(bars, open, since, at, (int) events, idle);
        }
        if (open >= 0) {
            bars.add(new Bar(open, window[window.length - 1].atNanos(), false));
        }
        return bars;
    }

    /** Begins and ends take turns; stretches inside a call weigh 1, stretches between calls less. */
    private static long spread(List<Bar> bars, long openSince, long since, long at, int events, double idle) {
        boolean inside = openSince >= 0;
        double total = 0;
        for (int e = 0; e <= events; e++) {
            total += inside == ((e & 1) == 0) ? 1 : idle;
        }
        long open = openSince;
        double done = 0;
        for (int e = 0; e < events; e++) {
            done += open >= 0 ? 1 : idle;
            long moment = since + (long) ((at - since) * done / total);
            if (open >= 0) {
                bars.add(new Bar(open, moment, true));
                open = -1;
            } else {
                open = moment;
            }
        }
        return open;
    }

    /** How long the rank is between calls against inside them, from the readings that found it in either. */
    private static double idleWeight(GroupSnapshot[] window, int rank) {
        int inside = 1;
        int outside = 1;
        for (GroupSnapshot s : window) {
            RankStatus status = status(s, rank);
            if (status.started() > status.finished()) {
                inside++;
            } else {
                outside++;
            }
        }
        return Math.clamp((double) outside / inside, 0.15, 8);
    }

    private static RankStatus status(GroupSnapshot snapshot, int rank) {
        return snapshot.ranks().get(rank).board();
    }
}
