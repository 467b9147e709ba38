package dev.rollcall.watchdog;

/**
 * Keeps the watchdog's own time: ticks on an absolute schedule, by how much each was late, and what it cost. One thread:
 * the watchdog's.
 */
final class TickMeter {
    private static final int WINDOW = 80;

    private final int pid = (int) ProcessHandle.current().pid();
    private final long tickNanos;
    private final long allowedNanos;
    private final long[] late = new long[WINDOW];
    private final long[] work = new long[WINDOW];
    private long ticks;
    private long dueNanos;
    private long begunNanos;
    private long worstEverNanos;

    TickMeter(long tickNanos, long allowedNanos, long firstNanos) {
        this.tickNanos = tickNanos;
        this.allowedNanos = allowedNanos;
        this.dueNanos = firstNanos;
    }

    long ticks() {
        return ticks;
    }

    /** Time until the next tick, not more than 0 when it is due. */
    long untilDue(long now) {
        return dueNanos - now;
    }

    /** Begins a tick. Ticks missed are left out, not caught up with. Returns by how much this one is late. */
    long begin(long now) {
        long lateNanos = Math.max(0, now - dueNanos);
        dueNanos += (lateNanos / tickNanos + 1) * tickNanos;
        begunNanos = now;
        late[(int) (ticks % WINDOW)] = lateNanos;
        work[(int) (ticks % WINDOW)] = 0;
        ticks++;
        worstEverNanos = Math.max(worstEverNanos, lateNanos);
        return lateNanos;
    }

    void end(long now) {
        work[(int) ((ticks - 1) % WINDOW)] = now - begunNanos;
    }

    /** The largest lateness ever. */
    long worstEverNanos() {
        return worstEverNanos;
    }

    WatchdogHealth health() {
        int count = (int) Math.min(ticks, WINDOW);
        long worst = 0;
        long worstWork = 0;
        long sumWork = 0;
        int tooLate = 0;
        for (int i = 0; i < count; i++) {
            worst = Math.max(worst, late[i]);
            tooLate += late[i] > allowedNanos ? 1 : 0;
            worstWork = Math.max(worstWork, work[i]);
            sumWork += work[i];
        }
        return new WatchdogHealth(pid, ticks, tickNanos, worst, tooLate, worstWork, sumWork / Math.max(1, count));
    }
}
