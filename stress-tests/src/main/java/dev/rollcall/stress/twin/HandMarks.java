package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandMarks.Fault.FINISHED_BEFORE_STARTED;
import static dev.rollcall.stress.twin.HandMarks.Fault.READ_FORWARD;
import static dev.rollcall.stress.twin.HandMarks.Fault.STARTED_BEFORE_RECORD;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** How far a rank has come with its call, by hand: four words, stored in order and read backwards, and the record of a call. */
final class HandMarks {
    enum Fault {
        NONE,
        /** Swapped statements. */
        FINISHED_BEFORE_STARTED,
        /** The call is shown as started, and its record is still that of the call before the last. */
        STARTED_BEFORE_RECORD,
        /** The observer reads in the order of the writer, who overtakes it. */
        READ_FORWARD
    }

    /** What an observer says of marks that cannot be. */
    static final int WRONG = -100;

    private static final long RECEIVED = 0;
    private static final long STARTED = 128;
    private static final long FINISHED = 256;
    private static final long REPLIED = 384;
    private static final long RECORDS = 512;
    private static final long LINE = 128;
    private static final int LOOKS = 8;

    private final Fault fault;
    private final MemorySegment ranks;
    private final MemorySegment observers;
    private long last;

    HandMarks(Fault fault) {
        Lines memory = Lines.map();
        this.fault = fault;
        this.ranks = memory.here;
        this.observers = memory.there;
        work();
    }

    /** One call. */
    void work() {
        long call = ++last;
        Words.longRelease(ranks, RECEIVED, call);
        if (fault == FINISHED_BEFORE_STARTED) {
            Words.longRelease(ranks, FINISHED, call);
        }
        if (fault == STARTED_BEFORE_RECORD) {
            Words.longRelease(ranks, STARTED, call);
            record(call);
        } else {
            record(call);
            Words.longRelease(ranks, STARTED, call);
        }
        if (fault != FINISHED_BEFORE_STARTED) {
            Words.longRelease(ranks, FINISHED, call);
        }
        Words.longRelease(ranks, REPLIED, call);
    }

    /** Two in turn: that of the call before stays whole. */
    private void record(long call) {
        long at = RECORDS + (call & 1) * LINE;
        Words.longOpaque(ranks, at, 0L);
        VarHandle.releaseFence();
        Words.longOpaque(ranks, at + 8, call);
        Words.longRelease(ranks, at, call);
    }

    /** 1, or {@link #WRONG}: the worst of several looks. */
    int look() {
        int worst = 1;
        for (int i = 0; i < LOOKS; i++) {
            worst = Math.min(worst, lookOnce());
        }
        return worst;
    }

    private int lookOnce() {
        long received = fault == READ_FORWARD ? Words.longAcquire(observers, RECEIVED) : 0;
        long replied = Words.longAcquire(observers, REPLIED);
        long finished = Words.longAcquire(observers, FINISHED);
        long started = Words.longAcquire(observers, STARTED);
        if (fault != READ_FORWARD) {
            received = Words.longAcquire(observers, RECEIVED);
        }
        boolean ordered = replied <= finished && finished <= started && started <= received;
        return ordered && hasRecord(started) ? 1 : WRONG;
    }

    /** Or the rank has gone on to the next call meanwhile, and may be writing over it. */
    private boolean hasRecord(long started) {
        long at = RECORDS + (started & 1) * LINE;
        long before = Words.longAcquire(observers, at);
        long field = Words.longOpaque(observers, at + 8);
        VarHandle.acquireFence();
        boolean whole = before == started && field == started && Words.longOpaque(observers, at) == started;
        return whole || Words.longAcquire(observers, STARTED) != started;
    }
}
