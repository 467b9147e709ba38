package dev.rollcall.stress.board;

import dev.rollcall.shm.board.SectionStatus;
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
@Description("Name and bound belong to the section they are shown with.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Between two sections, or being overwritten.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn: name or bound of another section.")
@State
public class SectionStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(BoardRig::create);

    private final BoardRig board = BOARDS.take();

    public SectionStress() {
        begin();
    }

    @Actor
    public void work() {
        begin();
        board.worker.endSection();
        board.worker.endSection();
        begin();
    }

    private void begin() {
        long n = board.next();
        board.worker.beginSection(board.name(n), n);
    }

    @Actor
    public void look(I_Result r) {
        @Nullable SectionStatus section = board.observer.rank(0).section();
        r.r1 = section == null ? 0 : section.name().equals(board.name(section.boundNanos())) ? 1 : BoardRig.TORN;
    }

    @Arbiter
    public void rest(I_Result r) {
        board.worker.endSection();
        BOARDS.give(board);
    }
}
