package dev.rollcall.rpc;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Verdict;

/** A watchdog said that somebody hangs; the call cannot be answered any more. */
public final class WorkerHungException extends RollcallException implements RetryableFailure {

    private static final long serialVersionUID = 1L;

    private final transient Verdict verdict;

    WorkerHungException(Verdict verdict, String call) {
        super((verdict.rank() == Verdict.DRIVER ? "driver" : "rank=" + verdict.rank()) + " kind=" + verdict.kind()
                + " confidence=" + verdict.confidence() + " " + call + " reason=\"" + verdict.reason() + "\""
                + (verdict.incident().isEmpty() ? "" : " incident=" + verdict.incident()));
        this.verdict = verdict;
    }

    /**
     * Who, how and why.
     *
     * @return the verdict as it was when the calls were failed; its evidence may have been saved later
     */
    public Verdict verdict() {
        return verdict;
    }
}
