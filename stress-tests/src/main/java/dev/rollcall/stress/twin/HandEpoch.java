package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandEpoch.Fault.DRIVER_WITHOUT_FENCE;
import static dev.rollcall.stress.twin.HandEpoch.Fault.RANK_LOOKS_FIRST;
import static dev.rollcall.stress.twin.HandEpoch.Fault.RANK_WITHOUT_FENCE;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import java.lang.invoke.VarHandle;

/** The meeting of a driver that ends an epoch and a rank that takes a call: one of them must see the other. */
final class HandEpoch {
    enum Fault {
        NONE, RANK_WITHOUT_FENCE, RANK_LOOKS_FIRST, DRIVER_WITHOUT_FENCE
    }

    private static final long OVER = 0;
    private static final long RECEIVED = 128;

    private final Fault fault;
    private final Lines memory = Lines.map();

    HandEpoch(Fault fault) {
        this.fault = fault;
    }

    HandEpoch fresh() {
        Lines _ = memory.clear();
        return this;
    }

    /** 1: it runs the call. */
    int take() {
        boolean over = fault == RANK_LOOKS_FIRST && isOver();
        Words.longRelease(memory.there, RECEIVED, 1L);
        if (fault != RANK_WITHOUT_FENCE) {
            VarHandle.fullFence();
        }
        if (fault != RANK_LOOKS_FIRST) {
            over = isOver();
        }
        return over ? 0 : 1;
    }

    private boolean isOver() {
        return Words.longAcquire(memory.there, OVER) != 0;
    }

    /** 1: it knows that the rank had the call. */
    int end() {
        Words.longRelease(memory.here, OVER, 1L);
        if (fault != DRIVER_WITHOUT_FENCE) {
            VarHandle.fullFence();
        }
        return (int) Words.longAcquire(memory.here, RECEIVED);
    }
}
