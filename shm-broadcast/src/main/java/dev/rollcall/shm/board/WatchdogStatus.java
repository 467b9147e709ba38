package dev.rollcall.shm.board;

import dev.rollcall.shm.os.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The watchdog's block.
 *
 * @param process         who it is, null when none was ever attached
 * @param enforce         whether it acts, or only says what it would do
 * @param ticks           its ticks
 * @param worstStallNanos its worst lateness so far, nanoseconds
 * @param sealedVerdict   highest verdict sequence whose evidence is saved
 */
public record WatchdogStatus(
        @Nullable ProcessIdentity process, boolean enforce, long ticks, long worstStallNanos, long sealedVerdict) {
}
