package dev.rollcall.shm;

import java.lang.invoke.VarHandle;

/**
 * The only waker of a cell that signals often, which spares itself the fence of every signal while nobody sleeps. One thread at
 * a time.
 *
 * <h2>Protocol</h2>
 *
 * A fence behind every publication waits until the line just stored has come back from the readers' caches, and in a stream
 * nobody ever sleeps. So after {@value #QUIET} signals that found no sleeper the waker says in the cell that it no longer
 * fences, and from then on a sleeper waits for both sides:
 *
 * <pre>
 * waker, until now fencing                  sleeper, as in {@link WaitCell}
 * ------------------------                  -------
 * unfenced = 1                              flag = 1
 * full fence                                full fence
 * flag == 1? wake, unfenced = 0             unfenced == 1? sleep at most {@value WaitCell#SETTLED_NANOS} ns, until the flag has
 * from then on:                                            been up for that long
 *   publish                                 re-check the condition
 *   flag == 1? wake, unfenced = 0,          sleep
 *              fence from now on
 * </pre>
 *
 * Going over is a Dekker pair of its own: either the waker sees the sleeper's flag, or the sleeper sees that the waker does not
 * fence. After that it is time that orders: a store leaves its processor's store buffer within nanoseconds, a microsecond when
 * its line is fought for, and at once when the thread is interrupted, preempted or its virtual machine is. So when the flag has
 * been up for more than a hundred microseconds, whatever the waker had published before it could see the flag is visible to the re-check,
 * and with everything later it sees the flag. Going back needs no fence: a sleeper that still reads 1 only looks once more, one
 * that reads 0 sees all that was published before. A message that just misses a sleeper waits for the end of that first short
 * sleep.
 *
 * <p>The waker's publication and its look at the flag are a release store and an opaque load: HotSpot compiles them in that
 * order, which the memory model alone does not promise. (The idea: Morrison and Afek, Temporally Bounding TSO for Fence-Free
 * Asymmetric Synchronization, 2015. Why not a sleeper that fences for both, by membarrier(2): with its
 * global form jcstress lost a wake-up in 13,000 on Linux 6.18. It seems to leave out a thread that returns to a processor which was
 * only idle since the process registered.)
 */
final class SoleWaker {
    private static final int QUIET = 64;

    private final WaitCell cell;
    private boolean fencing = true;
    private int quiet;

    SoleWaker(WaitCell cell) {
        this.cell = cell;
    }

    /** As {@link WaitCell#signal()}; call after publishing by a release store, and let nobody else signal that way. */
    void signal() {
        if (fencing) {
            signalFenced();
        } else if (cell.maySleep()) {
            fencing = true;
            cell.wake();
            cell.unfenced(false);
        }
    }

    private void signalFenced() {
        VarHandle.fullFence();
        if (cell.maySleep()) {
            cell.wake();
            quiet = 0;
        } else if (++quiet >= QUIET) {
            stopFencing();
        }
    }

    private void stopFencing() {
        quiet = 0;
        cell.unfenced(true);
        VarHandle.fullFence();
        fencing = cell.maySleep();
        if (fencing) {
            cell.wake();
            cell.unfenced(false);
        }
    }
}
