package dev.rollcall.stress.board;

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
@Description("The stacks shown for a request were written for that request, whole.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Not answered, or being overwritten.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn: stacks of another request.")
@State
public class StackStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();
    private static final int BYTES = 2048;
    private final long before = ask();

    public StackStress() {
        board.worker.serveStackRequest(() -> text(before));
    }

    private long ask() {
        return board.watchdog.requestStacks();
    }

    private static String text(long request) {
        return String.valueOf((char) ('a' + (request & 15))).repeat(BYTES - (int) (request & 15));
    }

    @Actor
    public void pulseThread() {
        long request = ask();
        board.worker.serveStackRequest(() -> text(request));
    }

    @Actor
    public void look(I_Result r) {
        @Nullable String stacks = board.observer.stack(0, before);
        r.r1 = stacks == null ? 0 : stacks.equals(text(before)) ? 1 : BoardRig.TORN;
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
