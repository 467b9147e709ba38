package dev.rollcall.watchdog;

/**
 * For how long the words of one process have stood still, in nanoseconds of the watchdog's own clock, counted from the
 * tick in which a word was last seen to change. Immutable, any thread.
 *
 * <p>
 * An age grows by at most two tick lengths per tick, so that a watchdog that was itself held up does not blame others
 * for its own pause (the rule of Cassandra's failure detector). "Counted" ages leave out ticks in which the thread
 * could not run: stopped, traced, or runnable without getting a CPU. They travel with the snapshot, so limits longer
 * than the saved window can be judged from its last snapshot.
 *
 * @param callNanos counted age of the call it is in, 0 outside a call
 * @param missingNanos counted time for which a peer has been in a collective that this rank has not entered
 * @param sectionNanos age of the declared section it is in, 0 outside
 * @param loopNanos age of the loop's tick
 * @param pulseNanos age of the pulse
 * @param stoppedNanos time since the first of an unbroken row of T readings, 0 at the first of them
 * @param stoppedReadings length of that row
 * @param tracedNanos likewise for t readings
 * @param tracedReadings length of that row
 * @param starvedNanos time for which the loop thread has been runnable without its run time growing
 */
public record Ages(long callNanos, long missingNanos, long sectionNanos, long loopNanos, long pulseNanos,
        long stoppedNanos, int stoppedReadings, long tracedNanos, int tracedReadings, long starvedNanos) {

    /** Everything has just moved. */
    public static final Ages ZERO = new Ages(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
