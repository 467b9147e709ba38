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
@Description("Method and cost class belong to the call they are shown with.")
@Outcome(id = "[012]", expect = Expect.ACCEPTABLE, desc = "Whole.")
@Outcome(id = "1[012]", expect = Expect.ACCEPTABLE, desc = "Being overwritten: shown without a name.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn: names of another call.")
@State
public class CallRecordStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();
    private final long before = start();

    @Actor
    public void work() {
        long _ = start();
        long _ = start();
    }

    private long start() {
        long call = board.next();
        board.worker.started(call, board.nameId(call), board.nameId(call + 1));
        return call;
    }

    @Actor
    public void look(I_Result r) {
        RankStatus status = board.observer.rank(0);
        long call = status.started();
        boolean nameless = status.method().isEmpty() && status.costClass().isEmpty();
        boolean whole = status.method().equals(board.name(call)) && status.costClass().equals(board.name(call + 1));
        r.r1 = whole ? (int) (call - before) : nameless ? 10 + (int) (call - before) : BoardRig.TORN;
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
