package dev.rollcall.stress.board;

import dev.rollcall.shm.board.FlightEvent;
import dev.rollcall.shm.board.FlightKind;
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
@Description("Events come whole and in order while the oldest are overwritten.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole and in order.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn, or out of order.")
@State
public class FlightRecorderStress {
    private static final Pool<BoardRig> BOARDS = new Pool<>(FlightRecorderStress::full);
    private static final int EVENTS = 256;

    private final BoardRig board = BOARDS.take();

    /** Event n is call n received: nothing else is recorded here. */
    private static BoardRig full() {
        BoardRig board = BoardRig.create();
        for (int i = 0; i < EVENTS; i++) {
            board.worker.received(board.next());
        }
        return board;
    }

    @Actor
    public void work() {
        for (int i = 0; i < 8; i++) {
            board.worker.received(board.next());
        }
    }

    @Actor
    public void look(I_Result r) {
        long before = 0;
        boolean whole = true;
        List<FlightEvent> events = board.observer.flight(0);
        for (FlightEvent event : events) {
            whole &= event.sequence() > before && event.a() == event.sequence() && event.b() == 0
                    && event.kind() == FlightKind.RECEIVED;
            before = event.sequence();
        }
        r.r1 = whole && events.size() > EVENTS / 2 ? 1 : BoardRig.TORN;
    }

    @Arbiter
    public void rest(I_Result r) {
        BOARDS.give(board);
    }
}
