package dev.rollcall.watchdog;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of one process at one tick. Immutable, any thread.
 *
 * @param dead its pidfd is readable: the whole process has ended
 * @param loop the loop thread, null when it was not read in this tick, is not known yet or is gone
 * @param pulse the pulse thread, null as above; read on suspicion only
 */
public record ProcessFacts(boolean dead, @Nullable ThreadFacts loop, @Nullable ThreadFacts pulse) {

    /** Nothing read. */
    public static final ProcessFacts NONE = new ProcessFacts(false, null, null);
}
