package dev.rollcall.watchdog;

/**
 * When what happened, in nanoseconds of the watchdog's own clock (the clock of {@link GroupSnapshot#atNanos()}); 0 when
 * it did not happen, or not before the incident was written. Immutable, any thread.
 *
 * @param wallClockMillis milliseconds since 1970 at the verdict, for people only
 * @param lastProgressNanos last tick at which the culprit was seen to move; since when it owes what it owes, if it goes on
 * moving beside that or has not moved in the window
 * @param firstSignNanos first tick that held the evidence which led to the verdict
 * @param suspectNanos the suspicion was published
 * @param verdictNanos the verdict was published (observe mode: would have been)
 * @param failedNanos the driver failed the last call that was in flight, by its own record; where that cannot be told on
 * this clock, the first tick after the verdict at which no call was in flight: then it is the time of a snapshot
 */
public record Timeline(long wallClockMillis, long lastProgressNanos, long firstSignNanos, long suspectNanos,
        long verdictNanos, long failedNanos) {
}
