package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandCancel.Fault.REUSED_WITHOUT_LOOKING;
import static dev.rollcall.stress.twin.HandCancel.Fault.WORD_IS_ONLY_A_FLAG;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;

/** One cancel slot and one rank; calls 1 and 3 share the slot, call 1 runs and is cancelled. */
final class HandCancel {
    enum Fault {
        NONE, REUSED_WITHOUT_LOOKING, WORD_IS_ONLY_A_FLAG
    }

    private static final long SLOT = 0;
    private static final long FINISHED = 128;
    private static final long OLDER = 1;
    private static final long NEWER = 3;

    private final Fault fault;
    private final Lines memory = Lines.map();

    HandCancel(Fault fault) {
        this.fault = fault;
    }

    HandCancel fresh() {
        Lines _ = memory.clear();
        Words.longRelease(memory.here, SLOT, OLDER);
        return this;
    }

    /** 1 when the older call saw its request and the newer one none. */
    int run() {
        boolean seen = isCancelled(OLDER);
        Words.longRelease(memory.there, FINISHED, OLDER);
        boolean foreign = fault == WORD_IS_ONLY_A_FLAG && isCancelled(NEWER);
        return seen && !foreign ? 1 : 0;
    }

    private boolean isCancelled(long call) {
        long word = Words.longAcquire(memory.there, SLOT);
        return fault == WORD_IS_ONLY_A_FLAG ? word != 0 : word == call;
    }

    /** Whether the newer call got the slot. */
    void cancelNewer() {
        if (fault == WORD_IS_ONLY_A_FLAG) {
            return;
        }
        if (fault == REUSED_WITHOUT_LOOKING || Words.longAcquire(memory.here, FINISHED) >= OLDER) {
            Words.longRelease(memory.here, SLOT, NEWER);
        }
    }
}
