package dev.rollcall.watchdog;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of one process at one tick. Immutable, any thread.
 *
 * @param dead its pidfd is readable: the whole process has ended
 * @param frozen its control group is frozen; read on suspicion only
 * @param awake other threads than the loop's that ran or were in a kernel wait; -1 when not counted, which is done only
 *        while the pulse is silent
 * @param loop the loop thread, null when it was not read in this tick, is not known yet or is gone
 * @param pulse the pulse thread, null as above; read on suspicion only
 */
public record ProcessFacts(boolean dead, boolean frozen, int awake, @Nullable ThreadFacts loop,
        @Nullable ThreadFacts pulse) {

    /** Nothing read. */
    public static final ProcessFacts NONE = of(false, null, null);

    /**
     * Neither frozen nor counted.
     *
     * @param dead the whole process has ended
     * @param loop the loop thread
     * @param pulse the pulse thread
     * @return the facts
     */
    public static ProcessFacts of(boolean dead, @Nullable ThreadFacts loop, @Nullable ThreadFacts pulse) {
        return new ProcessFacts(dead, false, -1, loop, pulse);
    }
}
