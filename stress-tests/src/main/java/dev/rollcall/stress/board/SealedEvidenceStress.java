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
@Description("The incident shown with a verdict is that verdict's, whole, or none.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The verdict before, or no incident yet.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn: the path of another verdict's incident.")
@State
public class SealedEvidenceStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();
    private final long before = convictAndSeal();

    @Actor
    public void watchdog() {
        long _ = convictAndSeal();
    }

    private long convictAndSeal() {
        long call = board.next();
        long sequence = board.watchdog.verdict(new Verdict(0, Tier.ACT, HangKind.BLOCKED, 0, call, 1, 0, "", ""));
        board.watchdog.sealed(sequence, board.name(call));
        return call;
    }

    @Actor
    public void look(I_Result r) {
        @Nullable Verdict seen = board.observer.verdict();
        if (seen == null) {
            r.r1 = BoardRig.TORN;
        } else if (seen.incident().isEmpty()) {
            r.r1 = 0;
        } else {
            r.r1 = seen.incident().equals(board.name(seen.callId())) ? (int) (seen.callId() - before) : BoardRig.TORN;
        }
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
