package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.Words;
import dev.rollcall.shm.board.CollectiveMarks;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

/**
 * A stand-in for an all-reduce in which ranks really wait for one another: each publishes how far it has come on a line
 * of its own and sleeps until all have. Worker loop thread only.
 */
final class AllReduce {
    private static final String OP = "all_reduce";
    private static final String OTHER_OP = "all_gather";
    private static final String DTYPE = "bf16";
    private static final long ELEMENTS = 4096L * 4;
    private static final long SLICE_NANOS = 50_000_000L;

    private final MemorySegment memory;
    private final int rank;
    private final int ranks;
    private final CollectiveMarks marks;
    private final WaitCell cell;
    private long sequence;

    AllReduce(MemorySegment memory, int rank, int ranks, CollectiveMarks marks) {
        this.memory = memory;
        this.rank = rank;
        this.ranks = ranks;
        this.marks = marks;
        this.cell = new WaitCell(memory, SimLayout.WAIT_CELL);
    }

    /**
     * Takes part in the next one.
     *
     * @param givenUp looked at while waiting; true ends the wait
     * @return false when it was given up
     */
    boolean run(BooleanSupplier givenUp) {
        long mine = ++sequence;
        marks.entered(mine, OP, ELEMENTS, DTYPE);
        return join(mine, givenUp);
    }

    /** Enters something else than the others do, which then completes for nobody. */
    void runAnother(Fault fault, BooleanSupplier givenUp) {
        boolean swapped = fault == Fault.SWAP;
        marks.entered(++sequence, swapped ? OTHER_OP : OP, swapped ? ELEMENTS : ELEMENTS / 2, DTYPE);
        marks.launched(sequence);
        while (!cell.await(() -> false, SLICE_NANOS) && !givenUp.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private boolean join(long mine, BooleanSupplier givenUp) {
        Words.longRelease(memory, SimLayout.arrival(rank), mine);
        marks.launched(mine);
        // Dekker with the other ranks: of two that arrive together at least one sees both, and only the last wakes.
        VarHandle.fullFence();
        if (allArrived(mine)) {
            cell.signal();
        } else {
            while (!cell.await(() -> allArrived(mine), SLICE_NANOS)) {
                if (givenUp.getAsBoolean()) {
                    return false;
                }
            }
        }
        marks.completed(mine);
        return true;
    }

    private boolean allArrived(long wanted) {
        for (int other = 0; other < ranks; other++) {
            if (Words.longAcquire(memory, SimLayout.arrival(other)) < wanted) {
                return false;
            }
        }
        return true;
    }
}
