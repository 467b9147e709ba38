package dev.rollcall.shm.board;

import dev.rollcall.shm.os.ProcessIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rank's block. Read in the order finished, started, received, so that what is seen as finished is also seen as started.
 *
 * @param rank          which
 * @param process       who it is, null before it came
 * @param loopThreadId  its loop thread
 * @param pulseThreadId its pulse thread
 * @param phase         where it is
 * @param phaseChanges  how often that changed
 * @param received      highest call id taken from the request ring
 * @param started       highest call id whose handler was entered
 * @param finished      highest call id whose handler was left
 * @param replied       highest call id answered, or not to be answered
 * @param method        of call {@code started}, "" before the first
 * @param costClass     of call {@code started}, "" when undeclared
 * @param loopTicks     the loop's wake-ups
 * @param pulses        the pulse thread's beats
 * @param collectives   communicators this rank has used
 * @param section       the innermost declared section it is in, or null
 * @param lockCycle     the cycle of locks its loop thread is caught in, or null
 */
public record RankStatus(
        int rank,
        @Nullable ProcessIdentity process,
        int loopThreadId,
        int pulseThreadId,
        Phase phase,
        long phaseChanges,
        long received,
        long started,
        long finished,
        long replied,
        String method,
        String costClass,
        long loopTicks,
        long pulses,
        List<CollectiveStatus> collectives,
        @Nullable SectionStatus section,
        @Nullable LockCycleStatus lockCycle) {
    /**
     * Whether a handler is running.
     *
     * @return true between start and finish of a call
     */
    public boolean busy() {
        return started > finished;
    }
}
