package dev.rollcall.stress.board;

import dev.rollcall.stress.support.BoardRig;
import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

@JCStressTest
@Description("A running call sees the request once it is made, no other call ever does, and it is there until the call is over.")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "Asked too late for this look.")
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "Seen.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, or seen by a call that nobody cancelled.")
@State
public class CancelRunningStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();
    private final long call = board.next();

    @Actor
    public void rank(III_Result r) {
        board.worker.started(call, 0, 0);
        r.r1 = board.worker.isCancelled(call) ? 1 : 0;
        r.r2 = board.worker.isCancelled(call + 1) || board.worker.isCancelled(call + 128) ? 1 : 0;
    }

    @Actor
    public void driver() {
        if (!board.driver.cancel(call)) {
            throw new IllegalStateException("slot is not free");
        }
    }

    @Arbiter
    public void rest(III_Result r) {
        r.r3 = board.worker.isCancelled(call) ? 1 : 0;
        board.worker.finished(call);
        board.other.finished(call);
        BOARDS.give(board);
    }
}
