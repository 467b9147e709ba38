package dev.rollcall.rpc;

import java.time.Duration;
import java.util.List;

import dev.rollcall.shm.board.WatchdogState;

/**
 * What a round trip to every rank showed.
 *
 * @param state     of the group
 * @param roundTrip until the last rank had answered, or until the time was up
 * @param silent    ranks whose loop did not answer in time, ascending; all of them when the group takes no calls
 * @param reason    why it is not well, the empty string when it is
 * @param watchdog  whether somebody watches it; a group is well without
 */
public record Health(CollectiveExecutor.State state, Duration roundTrip, List<Integer> silent, String reason,
        WatchdogState watchdog) {

    /**
     * Copies the ranks.
     *
     * @param state     of the group
     * @param roundTrip how long it took
     * @param silent    ranks that did not answer
     * @param reason    why it is not well
     * @param watchdog  whether somebody watches it
     */
    public Health {
        silent = List.copyOf(silent);
    }

    /**
     * Whether every rank's loop has answered. A watchdog that does not tick changes nothing about that: ask
     * {@link #watchdog()}.
     *
     * @return true when nothing is wrong
     */
    public boolean isWell() {
        return reason.isEmpty();
    }
}
