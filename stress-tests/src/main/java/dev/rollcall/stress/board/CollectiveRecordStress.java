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
@Description("Operation, count and type belong to the collective they are shown with.")
@Outcome(id = "[012]", expect = Expect.ACCEPTABLE, desc = "Whole.")
@Outcome(id = "1[012]", expect = Expect.ACCEPTABLE, desc = "Being overwritten: shown without its fields.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn: fields of another collective.")
@State
public class CollectiveRecordStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();
    private final long before = enter();

    @Actor
    public void work() {
        long _ = enter();
        long _ = enter();
    }

    private long enter() {
        long sequence = board.next();
        board.collective.entered(sequence, board.name(sequence), sequence, board.name(sequence + 1));
        return sequence;
    }

    @Actor
    public void look(I_Result r) {
        CollectiveStatus status = board.observer.rank(0).collectives().getFirst();
        long sequence = status.entered();
        boolean bare = status.op().isEmpty() && status.count() == 0 && status.dtype().isEmpty();
        boolean whole = status.op().equals(board.name(sequence)) && status.count() == sequence
                && status.dtype().equals(board.name(sequence + 1));
        r.r1 = whole ? (int) (sequence - before) : bare ? 10 + (int) (sequence - before) : BoardRig.TORN;
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
