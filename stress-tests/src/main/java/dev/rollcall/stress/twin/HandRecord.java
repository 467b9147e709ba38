package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandRecord.Fault.NOT_ZEROED_FIRST;
import static dev.rollcall.stress.twin.HandRecord.Fault.NO_SECOND_LOOK;
import static dev.rollcall.stress.twin.HandRecord.Fault.SEQUENCE_STORED_FIRST;
import static dev.rollcall.stress.twin.HandRecord.Fault.TWO_ACQUIRE_LOADS;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** A record of four words in one row, without a head. The fields of record n are n. */
final class HandRecord {
    enum Fault {
        NONE, NOT_ZEROED_FIRST, NO_SECOND_LOOK, SEQUENCE_STORED_FIRST, TWO_ACQUIRE_LOADS
    }

    static final int TORN = -100;

    private static final long SEQUENCE = 0;
    private static final int FIELDS = 4;
    private static final int LOOKS = 8;

    private final Fault fault;
    private final MemorySegment writers;
    private final MemorySegment readers;
    private long last;

    HandRecord(Fault fault) {
        Lines memory = Lines.map();
        this.fault = fault;
        this.writers = memory.here;
        this.readers = memory.there;
        write();
    }

    void write() {
        long n = ++last;
        if (fault != NOT_ZEROED_FIRST) {
            Words.longOpaque(writers, SEQUENCE, 0L);
            VarHandle.releaseFence();
        }
        if (fault == SEQUENCE_STORED_FIRST) {
            Words.longRelease(writers, SEQUENCE, n);
        }
        for (int i = 1; i <= FIELDS; i++) {
            Words.longOpaque(writers, field(i), n);
        }
        if (fault != SEQUENCE_STORED_FIRST) {
            Words.longRelease(writers, SEQUENCE, n);
        }
    }

    /** 1 for whole records, 0 for none in between, or {@link #TORN}: the worst of several looks. */
    int read() {
        int worst = 1;
        for (int i = 0; i < LOOKS; i++) {
            worst = Math.min(worst, readOnce());
        }
        return worst;
    }

    private int readOnce() {
        long n = Words.longAcquire(readers, SEQUENCE);
        if (n == 0) {
            return 0;
        }
        boolean whole = true;
        for (int i = 1; i <= FIELDS; i++) {
            whole &= Words.longOpaque(readers, field(i)) == n;
        }
        VarHandle.acquireFence();
        if (fault != NO_SECOND_LOOK && fault != TWO_ACQUIRE_LOADS && Words.longOpaque(readers, SEQUENCE) != n) {
            return 0;
        }
        return whole ? 1 : TORN;
    }

    /** Lines of their own: with one line the stores would mostly be seen together. */
    private static long field(int i) {
        return 128L * i;
    }
}
