package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.Words;
import java.lang.foreign.MemorySegment;

/**
 * The word by which the stage hand tells one rank to hang, and the word by which that rank says it now does. The stage
 * hand calls {@link #give} and {@link #isBegun}, workers call {@link #mine} and {@link #begin}. The watchdog knows of
 * neither.
 */
final class FaultOrder {
    private final MemorySegment memory;

    FaultOrder(MemorySegment memory) {
        this.memory = memory;
    }

    void give(Fault fault, int rank) {
        Words.longRelease(memory, SimLayout.FAULT_ORDERED, word(fault, rank));
    }

    boolean isBegun(Fault fault, int rank) {
        return Words.longAcquire(memory, SimLayout.FAULT_BEGUN) == word(fault, rank);
    }

    /** What this rank is told to do, {@link Fault#NONE} as a rule. */
    Fault mine(int rank) {
        long word = Words.longAcquire(memory, SimLayout.FAULT_ORDERED);
        return word != 0 && (int) word == rank ? Fault.ofCode((int) (word >>> 32)) : Fault.NONE;
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
