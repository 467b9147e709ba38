package dev.rollcall.rpc;

import java.time.Duration;

/**
 * When a failed group is started again by itself, and when that is given up. The idea and the words are those of OTP
 * supervisors: more than {@code intensity} restarts within {@code period} mean that restarting does not help.
 *
 * @param intensity    restarts within the period before the group stays failed
 * @param period       how long a restart counts
 * @param firstPause   before the first restart within the period; doubles with each further one
 * @param longestPause the pause does not grow beyond this
 */
public record RestartPolicy(int intensity, Duration period, Duration firstPause, Duration longestPause) {

    /**
     * Checks the values.
     *
     * @param intensity    at least 1
     * @param period       positive
     * @param firstPause   not negative
     * @param longestPause not below the first
     */
    public RestartPolicy {
        if (intensity < 1) {
            throw new IllegalArgumentException("intensity=" + intensity + " min=1");
        }
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("period must be positive period=" + period);
        }
        if (firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("pauses must not be negative nor shrink firstPause=" + firstPause
                    + " longestPause=" + longestPause);
        }
        if (longestPause.multipliedBy(intensity).compareTo(period) > 0) {
            throw new IllegalArgumentException(
                    "pauses outlast the period, so that intensity is never reached intensity="
                            + intensity + " longestPause=" + longestPause + " period=" + period);
        }
    }

    /**
     * At most 5 restarts in 10 minutes, after 1, 2, 4, 8 and 10 seconds.
     *
     * @return what suits workers that load large models
     */
    public static RestartPolicy defaults() {
        return new RestartPolicy(5, Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofSeconds(10));
    }
}
