package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandJoin.Fault.JOINER_WITHOUT_FENCE;
import static dev.rollcall.stress.twin.HandJoin.Fault.WRITER_WITHOUT_FENCE;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import java.lang.invoke.VarHandle;

/** The meeting of a writer that scans and a reader that joins: one of them must see the other. */
final class HandJoin {
    enum Fault {
        NONE, WRITER_WITHOUT_FENCE, JOINER_WITHOUT_FENCE
    }

    private static final long TAIL = 0;
    private static final long STATE = 128;

    private final Fault fault;
    private final Lines memory = Lines.map();

    HandJoin(Fault fault) {
        this.fault = fault;
    }

    HandJoin fresh() {
        Lines _ = memory.clear();
        return this;
    }

    /** The state it sees. */
    int scan() {
        Words.longRelease(memory.here, TAIL, 1L);
        if (fault != WRITER_WITHOUT_FENCE) {
            VarHandle.fullFence();
        }
        return (int) Words.longAcquire(memory.here, STATE);
    }

    /** The tail it sees. */
    int join() {
        Words.longRelease(memory.there, STATE, 1L);
        if (fault != JOINER_WITHOUT_FENCE) {
            VarHandle.fullFence();
        }
        return (int) Words.longAcquire(memory.there, TAIL);
    }
}
