package dev.rollcall.stress.twin;

import dev.rollcall.shm.Words;
import dev.rollcall.shm.os.Membarrier;
import dev.rollcall.stress.support.Lines;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The only waker of a cell by hand, which stops fencing before each thing it publishes. Sleeping is modelled as in
 * {@link HandCell}, and the pause in which stores settle by a fence in every thread, which is as much and takes less time.
 */
final class HandStream {
    enum Fault {
        NONE,
        /** The sleeper does not wait until its flag is seen. */
        SLEEPER_WITHOUT_PAUSE,
        /** The waker says that it no longer fences, and nothing keeps that before its next look. */
        FENCE_DROPPED_WITHOUT_FENCE
    }

    private static final long WORD = 0;
    private static final long FLAG = 128;
    private static final long DATA = 256;
    private static final long UNFENCED = 384;

    private final Fault fault;
    private final MemorySegment wakers;
    private final MemorySegment sleepers;
    private final Lines memory = Lines.map();
    private final boolean mayStop;
    private boolean fencing;
    private volatile boolean over;

    HandStream(Fault fault) {
        this.fault = fault;
        this.mayStop = fault != Fault.NONE || Membarrier.isAvailable();
        this.wakers = memory.here;
        this.sleepers = memory.there;
    }

    HandStream fresh() {
        Lines _ = memory.clear();
        fencing = true;
        over = false;
        return this;
    }

    /** Publishes so many things, one after the other, signalling each, and stops fencing just before. */
    void publish(int things) {
        for (int i = 1; i <= things; i++) {
            if (fencing && mayStop) {
                stopFencing();
            }
            Words.intRelease(wakers, DATA, i);
            signal();
        }
        over = true;
    }

    private void signal() {
        if (fencing) {
            VarHandle.fullFence();
            if (maySleep()) {
                wake();
            }
        } else if (maySleep()) {
            startFencing();
        }
    }

    private void stopFencing() {
        Words.intRelease(wakers, UNFENCED, 1);
        if (fault != Fault.FENCE_DROPPED_WITHOUT_FENCE) {
            VarHandle.fullFence();
        }
        fencing = false;
        if (maySleep()) {
            startFencing();
        }
    }

    private void startFencing() {
        fencing = true;
        wake();
        Words.intRelease(wakers, UNFENCED, 0);
    }

    private boolean maySleep() {
        return Words.intOpaque(wakers, FLAG) != 0;
    }

    private void wake() {
        Words.intOpaque(wakers, FLAG, 0);
        VarHandle.fullFence();
        int _ = Words.intGetAndAdd(wakers, WORD, 1);
    }

    /** 1 when it got them all, 0 when it is left asleep. */
    int takeAll(int things) {
        int taken = 0;
        while (true) {
            int seen = Words.intAcquire(sleepers, WORD);
            Words.intOpaque(sleepers, FLAG, 1);
            VarHandle.fullFence();
            if (fault != Fault.SLEEPER_WITHOUT_PAUSE && Words.intAcquire(sleepers, UNFENCED) != 0) {
                Membarrier.allThreads();
            }
            int data = Words.intAcquire(sleepers, DATA);
            if (data == taken && !woken(seen)) {
                return 0;
            }
            taken = Words.intAcquire(sleepers, DATA);
            if (taken == things) {
                return 1;
            }
        }
    }

    private boolean woken(int seen) {
        while (true) {
            boolean last = over;
            if (Words.intAcquire(sleepers, WORD) != seen) {
                return true;
            }
            if (last) {
                return false;
            }
            Thread.onSpinWait();
        }
    }
}
