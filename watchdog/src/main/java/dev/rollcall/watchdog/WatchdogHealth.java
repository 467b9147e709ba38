package dev.rollcall.watchdog;

/**
 * The watchdog's own state in a window, sent along with each verdict. Immutable, any thread.
 *
 * @param pid process that watched
 * @param ticks ticks since it began
 * @param tickNanos length of a tick
 * @param worstStallNanos largest lateness of a tick in the window
 * @param lateTicks ticks in the window that came too late to judge by
 * @param worstTickNanos longest work of one tick in the window
 * @param meanTickNanos mean work of a tick in the window
 */
public record WatchdogHealth(int pid, long ticks, long tickNanos, long worstStallNanos, int lateTicks,
        long worstTickNanos, long meanTickNanos) {
}
