package dev.rollcall.shm.board;

import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** What a rank says of itself. The loop thread, unless a method says otherwise. Plain stores; nothing here blocks. */
public final class BoardWorker {
    private final MemorySegment memory;
    private final long block;
    private final Flight flight;
    private final Deque<SectionStatus> open = new ArrayDeque<>();
    private long sections;
    private long loopTicks;
    private long pulses;
    private long cycles;

    BoardWorker(MemorySegment memory, long block) {
        this.memory = memory;
        this.block = block;
        this.flight = new Flight(memory, block + BoardLayout.FLIGHT);
        BoardLayout.identify(memory, block);
    }

    /**
     * Where the process is in its life.
     *
     * @param phase from now on
     */
    public void phase(Phase phase) {
        BoardLayout.phase(memory, block, phase);
        flight.record(FlightKind.PHASE, phase.code(), 0);
    }

    /**
     * Which thread runs the loop.
     *
     * @param tid as {@code gettid} gives it
     */
    public void loopThread(int tid) {
        Words.intRelease(memory, block + BoardLayout.LOOP_TID, tid);
    }

    /**
     * Which thread beats the pulse.
     *
     * @param tid as {@code gettid} gives it
     */
    public void pulseThread(int tid) {
        Words.intRelease(memory, block + BoardLayout.PULSE_TID, tid);
    }

    /**
     * Taken from the request ring.
     *
     * @param callId which; ids come in order
     */
    public void received(long callId) {
        Words.longRelease(memory, block + BoardLayout.RECEIVED, callId);
        flight.record(FlightKind.RECEIVED, callId, 0);
    }

    /**
     * About to enter the handler.
     *
     * @param callId   which
     * @param methodId as interned by the driver
     * @param classId  cost class, 0 for none
     */
    public void started(long callId, int methodId, int classId) {
        long call = block + BoardLayout.CALLS + (callId & 1) * BoardLayout.CALL_BYTES;
        Words.longOpaque(memory, call, 0L);
        VarHandle.releaseFence();
        Words.intOpaque(memory, call + 8, methodId);
        Words.intOpaque(memory, call + 12, classId);
        Words.longRelease(memory, call, callId);
        Words.longRelease(memory, block + BoardLayout.STARTED, callId);
        flight.record(FlightKind.STARTED, callId, methodId);
    }

    /**
     * The handler has returned or thrown.
     *
     * @param callId which
     */
    public void finished(long callId) {
        Words.longRelease(memory, block + BoardLayout.FINISHED, callId);
        flight.record(FlightKind.FINISHED, callId, 0);
    }

    /**
     * The reply is in the reply ring, or none was asked for.
     *
     * @param callId which
     */
    public void replied(long callId) {
        Words.longRelease(memory, block + BoardLayout.REPLIED, callId);
        flight.record(FlightKind.REPLIED, callId, 0);
    }

    /**
     * The call whose handler is running. Any thread of the worker.
     *
     * @return its id, 0 between calls
     */
    public long current() {
        long finished = Words.longAcquire(memory, block + BoardLayout.FINISHED);
        long started = Words.longAcquire(memory, block + BoardLayout.STARTED);
        return started > finished ? started : 0;
    }

    /** The loop woke up; at least every 200 ms while idle. */
    public void tick() {
        Words.longRelease(memory, block + BoardLayout.LOOP_TICKS, ++loopTicks);
    }

    /** The pulse thread: the process is not frozen, whatever the loop does. */
    public void pulse() {
        Words.longRelease(memory, block + BoardLayout.PULSES, ++pulses);
    }

    /**
     * The pulse thread: the loop thread is in a cycle of locks, or waits behind one.
     *
     * @param callId the call it is in
     * @param looks  how often in a row it was found so in that call, from 1
     * @param text   who waits for whom, in words; at most 416 bytes of UTF-8 are kept
     */
    public void lockCycle(long callId, long looks, String text) {
        long sequence = ++cycles;
        long at = block + BoardLayout.CYCLES + (sequence & 1) * BoardLayout.CYCLE_BYTES;
        Words.longOpaque(memory, at, 0L);
        VarHandle.releaseFence();
        Words.longOpaque(memory, at + 8, callId);
        Words.longOpaque(memory, at + 16, looks);
        Words.intOpaque(memory, at + 24, BoardLayout.putText(memory, at + 32, BoardLayout.MAX_CYCLE_TEXT, text));
        Words.longRelease(memory, at, sequence);
        Words.longRelease(memory, block + BoardLayout.OPEN_CYCLE, sequence);
    }

    /** The pulse thread: it no longer is. */
    public void noLockCycle() {
        Words.longRelease(memory, block + BoardLayout.OPEN_CYCLE, 0L);
    }

    /**
     * The pulse thread: answers the watchdog's latest request for stacks, once.
     *
     * @param stacks makes the text; called only when there is a request
     */
    public void serveStackRequest(Supplier<String> stacks) {
        long request = Words.longAcquire(memory, BoardLayout.STACK_REQUEST);
        if (request == Words.longOpaque(memory, block + BoardLayout.STACK_ANSWERED)) {
            return;
        }
        String text = stacks.get();
        Words.longOpaque(memory, block + BoardLayout.STACK_ANSWERED, 0L);
        VarHandle.releaseFence();
        int length = BoardLayout.putText(memory, block + BoardLayout.STACK, BoardLayout.MAX_STACK, text);
        Words.longOpaque(memory, block + BoardLayout.STACK_LENGTH, length);
        Words.longRelease(memory, block + BoardLayout.STACK_ANSWERED, request);
    }

    /**
     * The marks of one communicator; ask once and keep it.
     *
     * @param communicator a number all ranks agree on, not negative
     * @return the marks
     * @throws IllegalStateException for a fifth communicator
     */
    public CollectiveMarks collective(int communicator) {
        for (int i = 0; i < BoardLayout.MAX_COLLECTIVES; i++) {
            long at = block + BoardLayout.COLLECTIVES + i * BoardLayout.COLLECTIVE_BYTES;
            long owner = Words.longOpaque(memory, at);
            if (owner == 0 || owner == communicator + 1L) {
                return new CollectiveMarks(memory, at, communicator, flight);
            }
        }
        throw new IllegalStateException(
                "the board has room for so many communicators: max=" + BoardLayout.MAX_COLLECTIVES + " communicator="
                        + communicator);
    }

    /**
     * Declares that what follows may take this long. Sections nest; the innermost is shown.
     *
     * @param name       what it is, at most 48 bytes are kept
     * @param boundNanos mandatory upper bound, nanoseconds
     */
    public void beginSection(String name, long boundNanos) {
        if (boundNanos <= 0) {
            throw new IllegalArgumentException("a section needs a bound: name=" + name + " boundNanos=" + boundNanos);
        }
        open.push(publish(name, boundNanos));
        flight.record(FlightKind.SECTION_BEGIN, sections, boundNanos / 1_000_000);
    }

    /** The innermost section is over; the one around it is declared anew, so its bound runs again from here. */
    public void endSection() {
        SectionStatus ended = open.pop();
        flight.record(FlightKind.SECTION_END, ended.sequence(), 0);
        SectionStatus outer = open.poll();
        if (outer == null) {
            Words.longRelease(memory, block + BoardLayout.OPEN_SECTION, 0L);
        } else {
            open.push(publish(outer.name(), outer.boundNanos()));
        }
    }

    private SectionStatus publish(String name, long boundNanos) {
        long sequence = ++sections;
        long at = block + BoardLayout.SECTIONS + (sequence & 1) * BoardLayout.SECTION_BYTES;
        Words.longOpaque(memory, at, 0L);
        VarHandle.releaseFence();
        Words.longOpaque(memory, at + 8, boundNanos);
        Words.intOpaque(memory, at + 16, BoardLayout.putText(memory, at + 32, BoardLayout.MAX_SECTION_NAME, name));
        Words.longRelease(memory, at, sequence);
        Words.longRelease(memory, block + BoardLayout.OPEN_SECTION, sequence);
        return new SectionStatus(sequence, name, boundNanos);
    }

    /**
     * Whether the driver wants this call to end. Any thread of the worker; one load.
     *
     * @param callId which
     * @return true once cancelled
     */
    public boolean isCancelled(long callId) {
        return Words.longAcquire(memory, BoardLayout.CANCELS + 8 * (callId & (BoardLayout.CANCEL_SLOTS - 1))) == callId;
    }

    /**
     * Whether the epoch is over, so that a call just marked {@link #received} must not be started; see
     * {@link BoardDriver#endEpoch()}. One full fence.
     *
     * @return true once the driver has ended it
     */
    public boolean isEpochOver() {
        VarHandle.fullFence();
        return Words.longAcquire(memory, BoardLayout.EPOCH_OVER) != 0;
    }

    /**
     * To be rung after a reply.
     *
     * @return a view of the driver's doorbell
     */
    public WaitCell driverDoorbell() {
        return new WaitCell(memory, BoardLayout.DOORBELL);
    }
}
