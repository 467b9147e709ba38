package dev.rollcall.shm.board;

import dev.rollcall.shm.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A rank's marks in one communicator's collectives. The worker's loop thread. Plain stores: this is what makes a hang
 * inside a collective readable from outside, and what separates who waits from whom they wait for.
 */
public final class CollectiveMarks {
    private final MemorySegment memory;
    private final long at;
    private final int communicator;
    private final Flight flight;

    CollectiveMarks(MemorySegment memory, long at, int communicator, Flight flight) {
        this.memory = memory;
        this.at = at;
        this.communicator = communicator;
        this.flight = flight;
        Words.longRelease(memory, at, communicator + 1L);
    }

    /**
     * About to enter.
     *
     * @param sequence counts this communicator's collectives from 1
     * @param op       such as {@code all_reduce}, at most 15 bytes are kept
     * @param count    elements
     * @param dtype    such as {@code bf16}, at most 15 bytes are kept
     */
    public void entered(long sequence, String op, long count, String dtype) {
        long record = at + BoardLayout.COLLECTIVE_RECORDS + (sequence & 1) * BoardLayout.COLLECTIVE_RECORD_BYTES;
        Words.longOpaque(memory, record, 0L);
        VarHandle.releaseFence();
        Words.longOpaque(memory, record + 8, count);
        BoardLayout.putShortText(memory, record + 16, BoardLayout.MAX_OP, op);
        BoardLayout.putShortText(memory, record + 32, BoardLayout.MAX_OP, dtype);
        Words.longRelease(memory, record, sequence);
        Words.longRelease(memory, at + 8, sequence);
        flight.record(FlightKind.COLLECTIVE_ENTERED, sequence, communicator);
    }

    /**
     * Handed to the device.
     *
     * @param sequence which
     */
    public void launched(long sequence) {
        Words.longRelease(memory, at + 16, sequence);
        flight.record(FlightKind.COLLECTIVE_LAUNCHED, sequence, communicator);
    }

    /**
     * Done, result there.
     *
     * @param sequence which
     */
    public void completed(long sequence) {
        Words.longRelease(memory, at + 24, sequence);
        flight.record(FlightKind.COLLECTIVE_COMPLETED, sequence, communicator);
    }

    static CollectiveStatus read(MemorySegment m, long at, int communicator) {
        long completed = Words.longAcquire(m, at + 24);
        long launched = Words.longAcquire(m, at + 16);
        long entered = Words.longAcquire(m, at + 8);
        long record = at + BoardLayout.COLLECTIVE_RECORDS + (entered & 1) * BoardLayout.COLLECTIVE_RECORD_BYTES;
        boolean whole = entered != 0 && Words.longAcquire(m, record) == entered;
        long count = Words.longOpaque(m, record + 8);
        String op = BoardLayout.shortText(m, record + 16, BoardLayout.MAX_OP);
        String dtype = BoardLayout.shortText(m, record + 32, BoardLayout.MAX_OP);
        VarHandle.acquireFence();
        whole &= Words.longOpaque(m, record) == entered;
        return new CollectiveStatus(
                communicator, entered, launched, completed, whole ? op : "", whole ? count : 0, whole ? dtype : "");
    }
}
