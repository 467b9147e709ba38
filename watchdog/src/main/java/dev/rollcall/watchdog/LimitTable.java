package dev.rollcall.watchdog;

import java.util.List;

/**
 * The limits in force at one moment, as the diagnoser uses them and an incident saves them. Immutable, any thread.
 *
 * @param floorNanos least limit, and the scale of all fixed times: those are meant for a floor of 1 s
 * @param warmUpNanos limit of a class that is new, and of a group in which all are late alike
 * @param factor limit = factor x largest recent age
 * @param classes what was learned, by method and cost class
 */
public record LimitTable(long floorNanos, long warmUpNanos, int factor, List<LearnedClass> classes) {
    private static final long SECOND = 1_000_000_000L;
    private static final long WELL_LEARNED_SAMPLES = 10_000;
    private static final int PATIENCE = 10;
    private static final long PATIENCE_LEAST_NANOS = 30 * SECOND;

    /** Copies the list. */
    public LimitTable {
        classes = List.copyOf(classes);
    }

    /**
     * What is known of one (method, cost class).
     *
     * @param method name of the method
     * @param costClass name the caller gave, "" for undeclared
     * @param samples calls learned from, warm-up not counted
     * @param largestNanos largest age among the recent ones
     */
    public record LearnedClass(String method, String costClass, long samples, long largestNanos) {
    }

    /**
     * Limit of one call.
     *
     * @param suspectNanos age at which a rank that differs from its peers is suspected
     * @param actNanos age at which it is acted upon
     * @param alikeNanos age at which a group that is late alike is acted upon
     */
    public record Limit(long suspectNanos, long actNanos, long alikeNanos) {
    }

    /**
     * The limit of a call.
     *
     * @param method its method
     * @param costClass its declared cost class, "" for none
     * @param timeoutNanos its own deadline, a ceiling; 0 or less for none
     * @return its limits
     */
    public Limit limitFor(String method, String costClass, long timeoutNanos) {
        long ceiling = timeoutNanos > 0 ? timeoutNanos : Long.MAX_VALUE;
        long alike = Math.min(ceiling, warmUpNanos);
        for (LearnedClass known : classes) {
            if (known.method.equals(method) && known.costClass.equals(costClass) && known.samples > 0) {
                long limit = Math.max(floorNanos, factor * known.largestNanos);
                boolean settled = !costClass.isEmpty() || known.samples >= WELL_LEARNED_SAMPLES;
                long act = settled ? limit : Math.max(PATIENCE * limit, scaled(PATIENCE_LEAST_NANOS));
                return new Limit(Math.min(ceiling, limit), Math.min(ceiling, act), Math.max(alike, limit));
            }
        }
        return new Limit(alike, alike, alike);
    }

    /** Whether this class has a limit of its own. */
    boolean knows(String method, String costClass) {
        for (LearnedClass known : classes) {
            if (known.method.equals(method) && known.costClass.equals(costClass) && known.samples > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The same, scaled to another floor; what was learned stays.
     *
     * @param nanos the floor
     * @return the copy
     * @throws IllegalArgumentException unless it is positive
     */
    public LimitTable withFloor(long nanos) {
        if (nanos <= 0) {
            throw new IllegalArgumentException("floor must be positive: floorNanos=" + nanos);
        }
        double scale = (double) nanos / floorNanos;
        return new LimitTable(nanos, (long) (warmUpNanos * scale), factor, classes);
    }

    /**
     * A fixed time, scaled with the floor.
     *
     * @param nanosAtOneSecond its length for a floor of 1 s
     * @return its length for this floor
     */
    public long scaled(long nanosAtOneSecond) {
        return (long) (nanosAtOneSecond * ((double) floorNanos / SECOND));
    }
}
