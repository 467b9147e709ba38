package dev.rollcall.stress.board;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
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
@Description("Rank, call, victims and reason belong to one suspicion.")
@Outcome(id = "[012]", expect = Expect.ACCEPTABLE, desc = "Whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn: fields of another verdict.")
@State
public class SuspectStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();
    private final long before = convict();

    @Actor
    public void watchdog() {
        long _ = convict();
        long _ = convict();
    }

    private long convict() {
        long call = board.next();
        Verdict verdict = new Verdict(0, Tier.SUSPECT, HangKind.BLOCKED, (int) (call & 63), call, call, call,
                board.name(call), "");
        board.watchdog.suspect(verdict);
        return call;
    }

    @Actor
    public void look(I_Result r) {
        @Nullable Verdict seen = board.observer.suspect();
        if (seen == null) {
            r.r1 = BoardRig.TORN;
            return;
        }
        long call = seen.callId();
        boolean whole = seen.rank() == (int) (call & 63) && seen.confidence() == call && seen.victims() == call
                && seen.reason().equals(board.name(call));
        r.r1 = whole ? (int) (call - before) : BoardRig.TORN;
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
