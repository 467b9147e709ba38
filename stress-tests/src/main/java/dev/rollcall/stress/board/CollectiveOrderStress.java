package dev.rollcall.stress.board;

import dev.rollcall.shm.board.CollectiveStatus;
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
@Description("A collective is never shown completed before launched, nor launched before entered.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "As far as it has come.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Shown out of order.")
@State
public class CollectiveOrderStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();

    @Actor
    public void work() {
        long sequence = board.next();
        board.collective.entered(sequence, "all_reduce", 1, "bf16");
        board.collective.launched(sequence);
        board.collective.completed(sequence);
    }

    @Actor
    public void look(I_Result r) {
        CollectiveStatus status = board.observer.rank(0).collectives().getFirst();
        boolean ordered = status.completed() <= status.launched() && status.launched() <= status.entered();
        r.r1 = ordered ? 1 : BoardRig.TORN;
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
