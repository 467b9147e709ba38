package dev.rollcall.shm.board;

import dev.rollcall.shm.os.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The driver's block.
 *
 * @param process       who it is, null before it came
 * @param loopThreadId  its collector
 * @param pulseThreadId its pulse thread
 * @param phase         where it is
 * @param phaseChanges  how often that changed
 * @param loopTicks     the collector's duty cycles
 * @param pulses        the pulse thread's beats
 * @param lastIssued    highest call id issued
 * @param completed     calls ended well
 * @param failed        calls ended otherwise
 */
public record DriverStatus(
        @Nullable ProcessIdentity process,
        int loopThreadId,
        int pulseThreadId,
        Phase phase,
        long phaseChanges,
        long loopTicks,
        long pulses,
        long lastIssued,
        long completed,
        long failed) {
}
