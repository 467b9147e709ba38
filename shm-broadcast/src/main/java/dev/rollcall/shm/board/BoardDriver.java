package dev.rollcall.shm.board;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.Words;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What the driver says of itself and of its calls. Any thread of the driver: writers that may meet take a lock. */
public final class BoardDriver {
    private final MemorySegment memory;
    private final int workers;
    private final Flight flight;
    private final Map<String, Integer> names = new HashMap<>();
    private long loopTicks;
    private long pulses;

    BoardDriver(MemorySegment memory, int workers) {
        this.memory = memory;
        this.workers = workers;
        this.flight = new Flight(memory, BoardLayout.DRIVER_FLIGHT);
        BoardLayout.identify(memory, BoardLayout.DRIVER);
    }

    /**
     * Where the group is in its life.
     *
     * @param phase from now on
     */
    public synchronized void phase(Phase phase) {
        BoardLayout.phase(memory, BoardLayout.DRIVER, phase);
        flight.record(FlightKind.PHASE, phase.code(), 0);
    }

    /**
     * Which thread collects.
     *
     * @param tid as {@code gettid} gives it
     */
    public void loopThread(int tid) {
        Words.intRelease(memory, BoardLayout.DRIVER + BoardLayout.LOOP_TID, tid);
    }

    /**
     * Which thread beats the pulse.
     *
     * @param tid as {@code gettid} gives it
     */
    public void pulseThread(int tid) {
        Words.intRelease(memory, BoardLayout.DRIVER + BoardLayout.PULSE_TID, tid);
    }

    /** The collector, once per duty cycle and at least every 200 ms. */
    public void tick() {
        Words.longRelease(memory, BoardLayout.DRIVER_TICKS, ++loopTicks);
    }

    /** The pulse thread. */
    public void pulse() {
        Words.longRelease(memory, BoardLayout.DRIVER_PULSES, ++pulses);
    }

    /**
     * Gives a name a number that workers and observers can resolve.
     *
     * @param name a method or cost class, at most 56 bytes of UTF-8; "" is 0
     * @return its id
     * @throws RollcallException when it is too long or the table of 255 is full
     */
    public synchronized int intern(String name) {
        if (name.isEmpty()) {
            return 0;
        }
        Integer known = names.get(name);
        if (known != null) {
            return known;
        }
        int id = names.size() + 1;
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > BoardLayout.MAX_NAME || id >= BoardLayout.MAX_NAMES) {
            throw new RollcallException(
                    "name does not fit the board: bytes=" + bytes + " maxBytes=" + BoardLayout.MAX_NAME + " names="
                            + names.size() + " maxNames=" + (BoardLayout.MAX_NAMES - 1) + " name=" + name);
        }
        BoardLayout.putShortText(memory, BoardLayout.NAMES + id * BoardLayout.NAME_BYTES, BoardLayout.MAX_NAME, name);
        Words.longRelease(memory, BoardLayout.NAME_COUNT, id);
        names.put(name, id);
        return id;
    }

    /**
     * A call is about to be sent. Calls beyond 64 in flight have no row; they are still counted.
     *
     * @param callId       higher than any before
     * @param methodId     interned
     * @param classId      interned cost class, 0 for none
     * @param replyRank    who answers, -1 for all
     * @param timeoutNanos from now to its deadline, nanoseconds
     */
    public synchronized void issued(long callId, int methodId, int classId, int replyRank, long timeoutNanos) {
        long row = row(callId, 0);
        if (row != 0) {
            VarHandle.releaseFence(); // the former call's zero before this call's fields
            Words.intOpaque(memory, row + 8, methodId);
            Words.intOpaque(memory, row + 12, classId);
            Words.intOpaque(memory, row + 16, replyRank);
            Words.longOpaque(memory, row + 24, timeoutNanos);
            Words.longRelease(memory, row, callId);
            Steps.at("board.issue.row-stored");
        }
        Words.longRelease(memory, BoardLayout.LAST_ISSUED, callId);
        flight.record(FlightKind.ISSUED, callId, methodId | (long) classId << FlightEvent.CLASS_SHIFT);
    }

    /**
     * A call's outcome is decided.
     *
     * @param callId which
     * @param ok     whether it ended well
     */
    public synchronized void ended(long callId, boolean ok) {
        // before the row goes: who sees no call in flight finds here when the last one ended
        flight.record(ok ? FlightKind.COMPLETED : FlightKind.FAILED, callId, 0);
        long row = row(callId, callId);
        if (row != 0) {
            Words.longRelease(memory, row, 0L);
        }
        long counter = ok ? BoardLayout.COMPLETED : BoardLayout.FAILED;
        Words.longRelease(memory, counter, Words.longOpaque(memory, counter) + 1);
    }

    /** The row holding {@code wanted}, looked for from the call's own place on; 0 when there is none. */
    private long row(long callId, long wanted) {
        for (int i = 0; i < BoardLayout.IN_FLIGHT_ROWS; i++) {
            long row =
                    BoardLayout.IN_FLIGHT + ((callId + i) & (BoardLayout.IN_FLIGHT_ROWS - 1)) * BoardLayout.ROW_BYTES;
            if (Words.longOpaque(memory, row) == wanted) {
                return row;
            }
        }
        return 0;
    }

    /**
     * Asks the ranks to give a call up. The word stays until every rank has finished that call.
     *
     * @param callId which
     * @return false when its slot still holds an older call that some rank has not finished
     */
    public synchronized boolean cancel(long callId) {
        long slot = BoardLayout.CANCELS + 8 * (callId & (BoardLayout.CANCEL_SLOTS - 1));
        long holder = Words.longOpaque(memory, slot);
        if (holder != 0 && holder != callId && !finishedEverywhere(holder)) {
            return false;
        }
        Words.longRelease(memory, slot, callId);
        flight.record(FlightKind.CANCELLED, callId, 0);
        return true;
    }

    /**
     * Ends the epoch: from now on no rank starts a call it has not received. Pairs with {@link BoardWorker#isEpochOver()}:
     * a rank marks a call received, then looks; here it is the other way round. So either its mark is in the answer, or
     * the rank sees that the epoch is over and leaves the call alone.
     *
     * @return the highest call any rank has received; what was sent after it, no rank has worked on or ever will
     */
    public long endEpoch() {
        Words.longRelease(memory, BoardLayout.EPOCH_OVER, 1L);
        Steps.at("board.end-epoch.word-stored");
        VarHandle.fullFence();
        long received = 0;
        for (int rank = 0; rank < workers; rank++) {
            received = Math.max(received,
                    Words.longAcquire(memory, BoardLayout.rank(rank) + BoardLayout.RECEIVED));
        }
        return received;
    }

    private boolean finishedEverywhere(long callId) {
        for (int rank = 0; rank < workers; rank++) {
            if (Words.longAcquire(memory, BoardLayout.rank(rank) + BoardLayout.FINISHED) < callId) {
                return false;
            }
        }
        return true;
    }

    /**
     * Where the collector sleeps. One thread waits through each returned object.
     *
     * @return a view of the doorbell
     */
    public WaitCell doorbell() {
        return new WaitCell(memory, BoardLayout.DOORBELL);
    }
}
