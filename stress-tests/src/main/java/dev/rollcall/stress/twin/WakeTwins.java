package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Who falls asleep while something is published is woken. */
public final class WakeTwins {
    private WakeTwins() {
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class Sound {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.NONE));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void waker() {
            cell.publish(2);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.takeAll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class WakerWithoutFence {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.WAKER_WITHOUT_FENCE));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void waker() {
            cell.publish(2);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.takeAll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class SleeperWithoutFence {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.SLEEPER_WITHOUT_FENCE));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void waker() {
            cell.publish(2);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.takeAll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class NoSecondLook {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.NO_SECOND_LOOK));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void waker() {
            cell.publish(2);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.takeAll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class WordReadAfterSecondLook {
        private static final Pool<HandCell> POOL =
                new Pool<>(() -> new HandCell(HandCell.Fault.WORD_READ_AFTER_SECOND_LOOK));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void waker() {
            cell.publish(2);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.takeAll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class WordNotBumped {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.WORD_NOT_BUMPED));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void waker() {
            cell.publish(2);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.takeAll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class BumpBeforeClear {
        private static final Pool<HandCell> POOL = new Pool<>(() -> new HandCell(HandCell.Fault.BUMP_BEFORE_CLEAR));

        private final HandCell cell = POOL.take().fresh();

        @Actor
        public void waker() {
            cell.publish(2);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = cell.takeAll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(cell);
        }
    }
}
