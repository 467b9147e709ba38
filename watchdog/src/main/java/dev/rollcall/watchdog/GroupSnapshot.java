package dev.rollcall.watchdog;

import dev.rollcall.shm.RingStatus;
import dev.rollcall.shm.board.InFlightCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything read about the group at one tick of the watchdog. Immutable, any thread; what an incident saves and a
 * replay reads.
 *
 * @param tick number of the tick, from 1, without gaps
 * @param atNanos when it was read, on the watchdog's own clock
 * @param lateNanos by how much the watchdog itself was late for this tick, 0 when in time
 * @param group name of the group
 * @param epoch incarnation of the group's files
 * @param driver the process that asks
 * @param ranks the workers, index = rank
 * @param inFlight calls issued and not yet ended
 * @param requests the request ring, null while it cannot be read
 * @param replies the reply rings by rank; empty on ticks without suspicion
 */
public record GroupSnapshot(long tick, long atNanos, long lateNanos, String group, int epoch, DriverSnapshot driver,
        List<RankSnapshot> ranks, List<InFlightCall> inFlight, @Nullable RingStatus requests,
        List<RingStatus> replies) {

    /** Copies the lists. */
    public GroupSnapshot {
        ranks = List.copyOf(ranks);
        inFlight = List.copyOf(inFlight);
        replies = List.copyOf(replies);
    }
}
