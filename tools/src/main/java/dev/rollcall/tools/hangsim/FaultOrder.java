package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.Words;
import dev.rollcall.tools.hangsim.StepPlan.Step;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The word by which the stage hand tells one rank to hang, and the word by which that rank says it now does. The stage
 * hand calls {@link #give} and {@link #isBegun}, workers call {@link #mine} and {@link #begin}. The watchdog knows of
 * neither.
 */
final class FaultOrder {
    private static final int STEP_SHIFT = 48;
    private static final int MOST_CODE = 0xFFFF;

    private final MemorySegment memory;

    FaultOrder(MemorySegment memory) {
        this.memory = memory;
    }

    /** To be done in the next step of that kind, null for any. */
    void give(Fault fault, int rank, @Nullable Step within) {
        long step = within == null ? 0 : within.code();
        Words.longRelease(memory, SimLayout.FAULT_ORDERED, step << STEP_SHIFT | word(fault, rank));
    }

    boolean isBegun(Fault fault, int rank) {
        return Words.longAcquire(memory, SimLayout.FAULT_BEGUN) == word(fault, rank);
    }

    /** What this rank is told to do in a step of that cost class, {@link Fault#NONE} as a rule. */
    Fault mine(int rank, String costClass) {
        long word = Words.longAcquire(memory, SimLayout.FAULT_ORDERED);
        int step = (int) (word >>> STEP_SHIFT);
        boolean within = step == 0 || Step.ofCode(step).costClass().equals(costClass);
        return word != 0 && (int) word == rank && within ? Fault.ofCode((int) (word >>> 32) & MOST_CODE) : Fault.NONE;
    }

    void begin(Fault fault, int rank) {
        Words.longRelease(memory, SimLayout.FAULT_BEGUN, word(fault, rank));
    }

    /** The victim: how long what it was told to do took. */
    void lasted(long nanos) {
        Words.longRelease(memory, SimLayout.FAULT_LASTED, nanos);
    }

    /** 0 while it is not over. */
    long lastedNanos() {
        return Words.longAcquire(memory, SimLayout.FAULT_LASTED);
    }

    private static long word(Fault fault, int rank) {
        return (long) fault.code() << 32 | Integer.toUnsignedLong(rank);
    }
}
