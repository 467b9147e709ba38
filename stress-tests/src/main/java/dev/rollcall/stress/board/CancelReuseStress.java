package dev.rollcall.stress.board;

import dev.rollcall.stress.support.BoardRig;
import dev.rollcall.stress.support.Jitter;
import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

@JCStressTest
@Description("A request to give a call up stays while a rank is at that call; its slot is not given to another.")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The newer request was refused: a rank was still at the older call.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The newer one got the slot: the older call was over.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The request for a running call was overwritten.")
@State
public class CancelReuseStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();
    /** 128 further on is the same slot. */
    private final long older = board.next() * 128;

    public CancelReuseStress() {
        if (!board.driver.cancel(older)) {
            throw new IllegalStateException("slot is not free");
        }
        board.other.finished(older);
    }

    @Actor
    public void rank(II_Result r) {
        Jitter.pause();
        r.r1 = board.worker.isCancelled(older) ? 1 : 0;
        board.worker.finished(older);
    }

    @Actor
    public void driver(II_Result r) {
        Jitter.pause();
        r.r2 = board.driver.cancel(older + 128) ? 1 : 0;
    }

    @Arbiter
    public void rest(II_Result r) {
        long newer = board.next() * 128;
        board.worker.finished(newer);
        board.other.finished(newer);
        BOARDS.give(board);
    }
}
