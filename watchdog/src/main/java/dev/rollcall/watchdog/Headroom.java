package dev.rollcall.watchdog;

/**
 * How close the healthy calls of one class came to their limit. Percent of the limit in force when the call ended, counted
 * in whole ticks: a call shorter than a tick counts as 0. Immutable, any thread.
 *
 * @param method name of the method
 * @param costClass name the caller gave, "" for undeclared
 * @param calls calls counted; warm-up and calls under suspicion are not
 * @param medianPercent half of them stayed at or below
 * @param p99Percent 99 in 100 stayed at or below
 * @param maxPercent the nearest miss; 1000 stands for that and more
 */
public record Headroom(String method, String costClass, long calls, int medianPercent, int p99Percent,
        int maxPercent) {
}
