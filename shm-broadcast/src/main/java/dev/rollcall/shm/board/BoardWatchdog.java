package dev.rollcall.shm.board;

import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.Words;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** What the watchdog writes. The watchdog's thread; {@link #sealed} may come from its evidence thread. */
public final class BoardWatchdog implements AutoCloseable {
    private final MemorySegment memory;
    private final WaitCell doorbell;
    private final Runnable unlock;
    private long ticks;

    BoardWatchdog(MemorySegment memory, boolean enforce, Runnable unlock) {
        this.memory = memory;
        this.doorbell = new WaitCell(memory, BoardLayout.DOORBELL);
        this.unlock = unlock;
        this.ticks = Words.longOpaque(memory, BoardLayout.WATCHDOG_TICKS);
        Words.longOpaque(memory, BoardLayout.ENFORCE, enforce ? 1L : 0L);
        clearSuspect(); // of one that was killed, and can take nothing back
        BoardLayout.identify(memory, BoardLayout.WATCHDOG);
        Steps.at("board.watch.identified");
    }

    /**
     * The watchdog looked at everything once more.
     *
     * @param worstStallNanos its worst lateness so far, nanoseconds
     */
    public void tick(long worstStallNanos) {
        Words.longRelease(memory, BoardLayout.WORST_STALL, worstStallNanos);
        Words.longRelease(memory, BoardLayout.WATCHDOG_TICKS, ++ticks);
        Steps.at("board.watch.ticked");
    }

    /**
     * Names a suspect, in place of any before.
     *
     * @param verdict what is suspected; its sequence is assigned here
     */
    public void suspect(Verdict verdict) {
        long sequence = Math.max(
                Words.longOpaque(memory, BoardLayout.SUSPECTS),
                Words.longOpaque(memory, BoardLayout.SUSPECTS + BoardLayout.VERDICT_BYTES))
                + 1;
        VerdictRecord.write(memory, BoardLayout.SUSPECT_SEQUENCE, BoardLayout.SUSPECTS, verdict.withSequence(sequence));
        Steps.at("board.suspect.published");
    }

    /** Nobody is suspected any more. */
    public void clearSuspect() {
        Words.longRelease(memory, BoardLayout.SUSPECT_SEQUENCE, 0L);
    }

    /**
     * Convicts: publishes and rings the driver, which fails its calls.
     *
     * @param verdict what is wrong; its sequence is assigned here
     * @return the sequence
     */
    public long verdict(Verdict verdict) {
        long sequence = Words.longOpaque(memory, BoardLayout.VERDICT_SEQUENCE) + 1;
        Steps.at("board.verdict.reached");
        VerdictRecord.write(memory, BoardLayout.VERDICT_SEQUENCE, BoardLayout.VERDICTS, verdict.withSequence(sequence));
        Steps.at("board.verdict.published");
        doorbell.signal();
        return sequence;
    }

    /**
     * The evidence of a verdict is saved: the driver may tear down.
     *
     * @param verdictSequence which
     * @param incident        folder, at most 256 bytes are kept; "" when nothing could be saved
     */
    public synchronized void sealed(long verdictSequence, String incident) {
        Words.longOpaque(memory, BoardLayout.SEALED, 0L);
        Steps.at("board.evidence.unsealed");
        VarHandle.releaseFence();
        int length = BoardLayout.putText(memory, BoardLayout.SEALED_PATH, BoardLayout.MAX_INCIDENT, incident);
        Words.longOpaque(memory, BoardLayout.SEALED_LENGTH, length);
        Words.longRelease(memory, BoardLayout.SEALED, verdictSequence);
        Steps.at("board.evidence.sealed");
        doorbell.signal();
    }

    /**
     * Asks every rank's pulse thread for its stacks.
     *
     * @return the request's number, for {@link Board#stack}
     */
    public long requestStacks() {
        long request = Words.longOpaque(memory, BoardLayout.STACK_REQUEST) + 1;
        Words.longRelease(memory, BoardLayout.STACK_REQUEST, request);
        return request;
    }

    /** Lets another watchdog attach. */
    @Override
    public void close() {
        unlock.run();
        Steps.at("board.watch.unlocked");
    }
}
