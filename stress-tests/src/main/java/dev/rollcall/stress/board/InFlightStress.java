package dev.rollcall.stress.board;

import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.stress.support.BoardRig;
import dev.rollcall.stress.support.Pool;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

@JCStressTest
@Description("A row of the calls in flight belongs to one call, also when it is used again at once.")
@Outcome(id = "[01]", expect = Expect.ACCEPTABLE, desc = "So many rows, whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn: fields of the call that had the row before.")
@State
public class InFlightStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();
    private final long former = issue();

    @Actor
    public void driver() {
        board.driver.ended(former, true);
        // 64 further on is the same row
        long call = issue();
        board.driver.ended(call, true);
    }

    private long issue() {
        long call = board.next() * 64;
        board.driver.issued(call, board.nameId(call / 64), board.nameId(call / 64 + 1), (int) (call / 64), call);
        return call;
    }

    @Actor
    public void look(I_Result r) {
        boolean whole = true;
        List<InFlightCall> calls = board.observer.inFlight();
        for (InFlightCall call : calls) {
            long n = call.callId() / 64;
            whole &= call.method().equals(board.name(n)) && call.costClass().equals(board.name(n + 1))
                    && call.replyRank() == n && call.timeoutNanos() == call.callId();
        }
        r.r1 = whole ? calls.size() : BoardRig.TORN;
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
