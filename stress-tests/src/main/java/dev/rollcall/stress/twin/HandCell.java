package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandCell.Fault.BUMP_BEFORE_CLEAR;
import static dev.rollcall.stress.twin.HandCell.Fault.CLOSER_DOES_NOT_WAKE;
import static dev.rollcall.stress.twin.HandCell.Fault.NO_SECOND_LOOK;
import static dev.rollcall.stress.twin.HandCell.Fault.SLEEPER_WITHOUT_FENCE;
import static dev.rollcall.stress.twin.HandCell.Fault.WAKER_WITHOUT_FENCE;
import static dev.rollcall.stress.twin.HandCell.Fault.WORD_NOT_BUMPED;
import static dev.rollcall.stress.twin.HandCell.Fault.WORD_READ_AFTER_SECOND_LOOK;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Flag and word by hand. Sleeping is modelled: who would sleep spins while the word stands still, and is left asleep when the waker
 * is through by then.
 */
final class HandCell {
    enum Fault {
        NONE,
        WAKER_WITHOUT_FENCE,
        SLEEPER_WITHOUT_FENCE,
        NO_SECOND_LOOK,
        WORD_READ_AFTER_SECOND_LOOK,
        WORD_NOT_BUMPED,
        BUMP_BEFORE_CLEAR,
        CLOSER_DOES_NOT_WAKE
    }

    private static final long WORD = 0;
    private static final long FLAG = 128;
    private static final long DATA = 256;
    private static final int CLOSED = -1;

    private final Fault fault;
    private final MemorySegment wakers;
    private final MemorySegment sleepers;
    private final Lines memory = Lines.map();
    private volatile boolean over;

    HandCell(Fault fault) {
        this.fault = fault;
        this.wakers = memory.here;
        this.sleepers = memory.there;
    }

    HandCell fresh() {
        Lines _ = memory.clear();
        over = false;
        return this;
    }

    /** Publishes so many things, one after the other, signalling each. */
    void publish(int things) {
        for (int i = 1; i <= things; i++) {
            Words.intRelease(wakers, DATA, i);
            signal();
        }
        over = true;
    }

    /** Nothing more will come; whoever sleeps must hear of it. */
    void close() {
        Words.intRelease(wakers, DATA, CLOSED);
        if (fault != CLOSER_DOES_NOT_WAKE) {
            signal();
        }
        over = true;
    }

    private void signal() {
        if (fault != WAKER_WITHOUT_FENCE) {
            VarHandle.fullFence();
        }
        if (Words.intOpaque(wakers, FLAG) == 0) {
            return;
        }
        if (fault == BUMP_BEFORE_CLEAR) {
            int _ = Words.intGetAndAdd(wakers, WORD, 1);
        }
        Words.intOpaque(wakers, FLAG, 0);
        VarHandle.fullFence();
        if (fault != BUMP_BEFORE_CLEAR && fault != WORD_NOT_BUMPED) {
            int _ = Words.intGetAndAdd(wakers, WORD, 1);
        }
    }

    /** 1 when it heard of the end, 0 when it is left asleep. */
    int untilClosed() {
        return takeAll(CLOSED);
    }

    /** 1 when it got them all, 0 when it is left asleep. */
    int takeAll(int things) {
        int taken = 0;
        while (true) {
            int seen = fault == WORD_READ_AFTER_SECOND_LOOK ? 0 : Words.intAcquire(sleepers, WORD);
            Words.intOpaque(sleepers, FLAG, 1);
            if (fault != SLEEPER_WITHOUT_FENCE) {
                VarHandle.fullFence();
            }
            if (fault != NO_SECOND_LOOK) {
                int data = Words.intAcquire(sleepers, DATA);
                if (data == things) {
                    return 1;
                }
                if (data > taken) {
                    taken = data;
                    continue;
                }
            }
            if (fault == WORD_READ_AFTER_SECOND_LOOK) {
                seen = Words.intAcquire(sleepers, WORD);
            }
            if (!woken(seen)) {
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
