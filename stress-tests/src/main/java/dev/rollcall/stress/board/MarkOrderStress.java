package dev.rollcall.stress.board;

import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.stress.support.BoardRig;
import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

@JCStressTest
@Description("A call is never shown replied before finished, finished before started, started before received, or without its name.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "As far as it has come.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Shown out of order, or as another.")
@State
public class MarkOrderStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();

    @Actor
    public void work() {
        long call = board.next();
        board.worker.received(call);
        board.worker.started(call, board.nameId(call), 0);
        board.worker.finished(call);
        board.worker.replied(call);
    }

    @Actor
    public void look(I_Result r) {
        RankStatus status = board.observer.rank(0);
        boolean ordered = status.replied() <= status.finished() && status.finished() <= status.started()
                && status.started() <= status.received();
        // There are records for two calls, so this one's is not written over before the next but one.
        boolean named = status.started() == 0 || status.method().equals(board.name(status.started()));
        r.r1 = ordered && named ? 1 : BoardRig.TORN;
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
