package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandEviction.Fault.CHECKED_BEFORE_READING;
import static dev.rollcall.stress.twin.HandEviction.Fault.NOT_CHECKED;
import static dev.rollcall.stress.twin.HandEviction.Fault.OVERWRITTEN_BEFORE_MARKING;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** A frame of four words, its reader, and the writer who takes the reader's slot away and then writes the space anew. */
final class HandEviction {
    enum Fault {
        NONE, NOT_CHECKED, CHECKED_BEFORE_READING, OVERWRITTEN_BEFORE_MARKING
    }

    static final int TORN = -100;

    private static final long STATE = 0;
    private static final int WORDS = 4;
    private static final int LOOKS = 32;
    private static final long ACTIVE = 1;
    private static final long EVICTED = 3;

    private final Fault fault;
    private final MemorySegment writers;
    private final MemorySegment readers;
    private long frame = 1;

    HandEviction(Fault fault) {
        Lines memory = Lines.map();
        this.fault = fault;
        this.writers = memory.here;
        this.readers = memory.there;
    }

    /** An active reader with an unread frame. */
    HandEviction fresh() {
        overwrite();
        Words.longRelease(writers, STATE, ACTIVE);
        return this;
    }

    void evict() {
        if (fault == OVERWRITTEN_BEFORE_MARKING) {
            overwrite();
        }
        boolean _ = Words.longCas(writers, STATE, ACTIVE, EVICTED);
        VarHandle.fullFence();
        if (fault != OVERWRITTEN_BEFORE_MARKING) {
            overwrite();
        }
    }

    private void overwrite() {
        frame++;
        for (int i = 1; i <= WORDS; i++) {
            Words.longOpaque(writers, 128L * i, frame);
        }
    }

    /** Reads the frame a few times, or until evicted: 1 used, 0 evicted, or {@link #TORN}. */
    int read() {
        int used = 1;
        for (int i = 0; i < LOOKS && used == 1; i++) {
            used = readOnce();
        }
        return used;
    }

    /** Copies out, then looks whether the copy may be used. */
    private int readOnce() {
        if (fault == CHECKED_BEFORE_READING && Words.longAcquire(readers, STATE) != ACTIVE) {
            return 0;
        }
        long first = Words.longOpaque(readers, 128);
        boolean whole = true;
        for (int i = 2; i <= WORDS; i++) {
            whole &= Words.longOpaque(readers, 128L * i) == first;
        }
        VarHandle.acquireFence();
        boolean checks = fault != NOT_CHECKED && fault != CHECKED_BEFORE_READING;
        if (checks && Words.longAcquire(readers, STATE) != ACTIVE) {
            return 0;
        }
        return whole ? 1 : TORN;
    }
}
