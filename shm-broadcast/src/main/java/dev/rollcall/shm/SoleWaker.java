package dev.rollcall.shm;

import dev.rollcall.shm.os.Membarrier;
import java.lang.invoke.VarHandle;

/**
 * The only waker of a cell that signals often, which spares itself the fence of every signal while nobody sleeps. One thread at
 * a time.
 *
 * <h2>Protocol</h2>
 *
 * A fence behind every publication waits until the line just stored has come back from the readers' caches, and in a stream
 * nobody ever sleeps. So after {@value #QUIET} signals that found no sleeper the waker says in the cell that it no longer
 * fences, and from then on a sleeper pays for both sides:
 *
 * <pre>
 * waker, until now fencing                  sleeper, as in {@link WaitCell}
 * ------------------------                  -------
 * unfenced = 1                              flag = 1
 * full fence                                full fence
 * flag == 1? stay as before                 unfenced == 1? a full fence in every thread (membarrier)
 * from now on:                              re-check the condition
 *   publish                                 sleep
 *   flag == 1? wake, unfenced = 0,
 *              fence from now on
 * </pre>
 *
 * Going over is a Dekker pair of its own: either the waker sees the sleeper's flag, or the sleeper sees that the waker does not
 * fence. After the sleeper's barrier either what was published is visible to its re-check, or the waker's look at the flag comes
 * later than the barrier and sees it. Going back needs no fence: a sleeper that still reads 1 pays for nothing, one that reads
 * 0 sees all that was published before. The waker's publication and its look at the flag are a release store and an opaque
 * load, which the compiler keeps in order; to the processor that order is certain only through the barrier.
 *
 * <p>Whoever sleeps between two messages therefore never pays for the barrier, and a stream never for the fence. A sleeper that
 * may not use membarrier(2) looks every millisecond while the waker does not fence; a waker that may not goes on fencing. (The
 * idea: user-space RCU, and {@link CloseGuard}.)
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
        } else if (++quiet >= QUIET && Membarrier.isRegisteredForAll()) {
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
