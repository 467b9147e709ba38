package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Who falls asleep while the other side closes hears of it. */
public final class CloseTwins {
    private CloseTwins() {
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has heard of it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class Sound {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.NONE));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void closer() {
            cell.close();
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.untilClosed();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has heard of it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class CloserDoesNotWake {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.CLOSER_DOES_NOT_WAKE));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void closer() {
            cell.close();
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.untilClosed();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has heard of it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class CloserWithoutFence {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.WAKER_WITHOUT_FENCE));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void closer() {
            cell.close();
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.untilClosed();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has heard of it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class NoSecondLook {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.NO_SECOND_LOOK));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void closer() {
            cell.close();
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.untilClosed();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }
}
