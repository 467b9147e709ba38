package dev.rollcall.watchdog.incident;

import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds what an incident holds: every reading around the fault and before the verdict, some of the rest. Ages travel
 * with each snapshot, so the verdict does not need the ones left out. Pure; thinning twice changes nothing.
 */
final class WindowThinning {
    private static final long SECOND = 1_000_000_000L;
    private static final long BEFORE_FAULT = 2 * SECOND + SECOND / 4;
    private static final long AFTER_FAULT = SECOND + SECOND / 2;
    private static final long BEFORE_VERDICT = 2 * SECOND;
    /** Spacing of the rest, and of the important parts: one pair after the other until few enough are left. */
    private static final long[][] SPACINGS = {{SECOND / 2, 0}, {SECOND, 0}, {2 * SECOND, 0}, {5 * SECOND, 0},
            {20 * SECOND, 0}, {60 * SECOND, 0}, {60 * SECOND, SECOND / 10}, {60 * SECOND, SECOND / 4}};
    /** Never left out: what the verdict was reached from, and what followed. */
    private static final int LAST_TICKS = 20;
    private static final int MOST = 240;
    private static final int BYTES = 1_700_000;
    private static final int BYTES_PER_RANK = 1200;
    private static final int BYTES_PER_SNAPSHOT = 1500;

    private WindowThinning() {
    }

    static Incident thin(Incident incident) {
        List<GroupSnapshot> window = incident.window();
        if (window.isEmpty()) {
            return incident;
        }
        int ranks = window.getFirst().ranks().size();
        int most = Math.clamp(BYTES / (BYTES_PER_SNAPSHOT + (long) ranks * BYTES_PER_RANK), 3 * LAST_TICKS, MOST);
        List<GroupSnapshot> kept = window;
        for (long[] spacing : SPACINGS) {
            kept = select(incident, spacing[0], spacing[1]);
            if (kept.size() <= most) {
                break;
            }
        }
        return kept.size() == window.size() ? incident
                : new Incident(incident.schema(), incident.product(), incident.verdict(), incident.limitNanos(),
                        incident.runnerUp(), incident.limits(), kept, incident.verdictTick(), incident.self(),
                        incident.timeline(), incident.notes());
    }

    private static List<GroupSnapshot> select(Incident incident, long sparse, long dense) {
        List<GroupSnapshot> window = incident.window();
        long fault = incident.timeline().lastProgressNanos();
        long verdict = incident.timeline().verdictNanos();
        List<GroupSnapshot> kept = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (GroupSnapshot s : window) {
            long at = s.atNanos();
            boolean aroundFault = fault != 0 && at >= fault - BEFORE_FAULT && at <= fault + AFTER_FAULT;
            boolean beforeVerdict = verdict != 0 && at >= verdict - BEFORE_VERDICT;
            boolean decisive = s.tick() > incident.verdictTick() - LAST_TICKS
                    && s.tick() <= incident.verdictTick() + LAST_TICKS;
            boolean turn = at == fault || s.tick() == window.getFirst().tick()
                    || s.tick() == window.getLast().tick();
            long wanted = aroundFault || beforeVerdict ? dense : sparse;
            if (decisive || turn || last == Long.MIN_VALUE || at - last >= wanted) {
                kept.add(s);
                last = at;
            }
        }
        return kept;
    }
}
