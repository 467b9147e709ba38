package dev.rollcall.stress.board;

import dev.rollcall.shm.board.LockCycleStatus;
import dev.rollcall.stress.support.BoardRig;
import dev.rollcall.stress.support.Pool;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

@JCStressTest
@Description("A lock cycle is shown with the call it was found in, how often, and its own words.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "None, or being overwritten.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn: call, number or words of another cycle.")
@State
public class LockCycleStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();

    public LockCycleStress() {
        find();
    }

    @Actor
    public void pulse() {
        find();
        find();
        board.worker.noLockCycle();
        find();
    }

    private void find() {
        long n = board.next();
        board.worker.lockCycle(n, n + 1, board.name(n));
    }

    @Actor
    public void look(I_Result r) {
        @Nullable LockCycleStatus cycle = board.observer.rank(0).lockCycle();
        if (cycle != null) {
            boolean whole = cycle.looks() == cycle.callId() + 1 && cycle.text().equals(board.name(cycle.callId()));
            r.r1 = whole ? 1 : BoardRig.TORN;
        }
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
