package dev.rollcall.watchdog;

import dev.rollcall.shm.board.HangKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a watchdog has counted so far: what meters read. Written by the watchdog's thread, read by any; single numbers are
 * exact, two read one after the other need not belong together.
 */
public final class WatchdogCounters {
    private final Map<HangKind, AtomicLong> verdicts = perKind();
    private final Map<HangKind, AtomicLong> actedOn = perKind();
    private final Map<HangKind, AtomicLong> excuses = perKind();
    private final AtomicLong detectionNanos = new AtomicLong();
    private final AtomicLong suspects = new AtomicLong();
    private final AtomicLong cleared = new AtomicLong();
    private final AtomicLong standing = new AtomicLong();
    private final AtomicLong ticks = new AtomicLong();
    private final AtomicLong lateTicks = new AtomicLong();
    private final AtomicLong worstDelayNanos = new AtomicLong();
    private final AtomicLong workNanos = new AtomicLong();

    WatchdogCounters() {
    }

    /** All kinds from the beginning: the map itself is not changed any more. */
    private static Map<HangKind, AtomicLong> perKind() {
        Map<HangKind, AtomicLong> counters = new EnumMap<>(HangKind.class);
        for (HangKind kind : HangKind.values()) {
            counters.put(kind, new AtomicLong());
        }
        return counters;
    }

    private static AtomicLong of(Map<HangKind, AtomicLong> counters, HangKind kind) {
        return Objects.requireNonNull(counters.get(kind));
    }

    /**
     * Verdicts reached, acted on or, observing, only said.
     *
     * @param kind of what
     * @return how many
     */
    public long verdicts(HangKind kind) {
        return of(verdicts, kind).get();
    }

    /**
     * Verdicts that were acted on, not only said.
     *
     * @param kind of what
     * @return how many of them
     */
    public long actedOn(HangKind kind) {
        return of(actedOn, kind).get();
    }

    /**
     * Verdicts of all kinds.
     *
     * @return how many
     */
    public long verdicts() {
        return verdicts.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /**
     * How long what led to the verdicts had lasted when they were reached, all together.
     *
     * @return nanoseconds
     */
    public long detectionNanos() {
        return detectionNanos.get();
    }

    /**
     * Times somebody was excused; see {@link Finding#excuses()}.
     *
     * @param kind by what
     * @return how many
     */
    public long excuses(HangKind kind) {
        return of(excuses, kind).get();
    }

    /**
     * Suspicions raised; excuses are none.
     *
     * @return how many
     */
    public long suspects() {
        return suspects.get();
    }

    /**
     * Suspicions taken back because there was progress again.
     *
     * @return how many
     */
    public long cleared() {
        return cleared.get();
    }

    /**
     * Suspicions that stand now.
     *
     * @return how many
     */
    public long standing() {
        return standing.get();
    }

    /**
     * Ticks made.
     *
     * @return how many
     */
    public long ticks() {
        return ticks.get();
    }

    /**
     * Ticks that came too late to judge by.
     *
     * @return how many
     */
    public long lateTicks() {
        return lateTicks.get();
    }

    /**
     * The largest lateness of a tick.
     *
     * @return nanoseconds
     */
    public long worstDelayNanos() {
        return worstDelayNanos.get();
    }

    /**
     * Time spent in ticks.
     *
     * @return nanoseconds
     */
    public long workNanos() {
        return workNanos.get();
    }

    void verdict(HangKind kind, boolean acted, long ageNanos) {
        of(verdicts, kind).incrementAndGet();
        if (acted) {
            of(actedOn, kind).incrementAndGet();
        }
        detectionNanos.addAndGet(ageNanos);
    }

    void excused(HangKind kind) {
        of(excuses, kind).incrementAndGet();
    }

    void suspected() {
        suspects.incrementAndGet();
    }

    void takenBack() {
        cleared.incrementAndGet();
    }

    void standing(long now) {
        standing.set(now);
    }

    void tick(boolean late, long worstNanos, long tookNanos) {
        ticks.incrementAndGet();
        lateTicks.addAndGet(late ? 1 : 0);
        worstDelayNanos.set(worstNanos);
        workNanos.addAndGet(tookNanos);
    }
}
