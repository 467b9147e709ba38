package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Driver and rank look for each other at the end of an epoch. */
public final class EpochTwins {
    private EpochTwins() {
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Run, and the driver knows that it may have been.")
    @Outcome(id = "0, [01]", expect = Expect.ACCEPTABLE, desc = "Left alone.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Run here, and the driver makes it again.")
    @State
    public static class Sound {
        private static final Pool<HandEpoch> POOL = new Pool<>(() -> new HandEpoch(HandEpoch.Fault.NONE));

        private final HandEpoch epoch = POOL.take().fresh();

        @Actor
        public void rank(II_Result r) {
            r.r1 = epoch.take();
        }

        @Actor
        public void driver(II_Result r) {
            r.r2 = epoch.end();
        }

        @Arbiter
        public void rest(II_Result r) {
            POOL.give(epoch);
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Run, and the driver knows that it may have been.")
    @Outcome(id = "0, [01]", expect = Expect.ACCEPTABLE, desc = "Left alone.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Run here, and the driver makes it again.")
    @State
    public static class RankWithoutFence {
        private static final Pool<HandEpoch> POOL = new Pool<>(() -> new HandEpoch(HandEpoch.Fault.RANK_WITHOUT_FENCE));

        private final HandEpoch epoch = POOL.take().fresh();

        @Actor
        public void rank(II_Result r) {
            r.r1 = epoch.take();
        }

        @Actor
        public void driver(II_Result r) {
            r.r2 = epoch.end();
        }

        @Arbiter
        public void rest(II_Result r) {
            POOL.give(epoch);
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Run, and the driver knows that it may have been.")
    @Outcome(id = "0, [01]", expect = Expect.ACCEPTABLE, desc = "Left alone.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Run here, and the driver makes it again.")
    @State
    public static class RankLooksFirst {
        private static final Pool<HandEpoch> POOL = new Pool<>(() -> new HandEpoch(HandEpoch.Fault.RANK_LOOKS_FIRST));

        private final HandEpoch epoch = POOL.take().fresh();

        @Actor
        public void rank(II_Result r) {
            r.r1 = epoch.take();
        }

        @Actor
        public void driver(II_Result r) {
            r.r2 = epoch.end();
        }

        @Arbiter
        public void rest(II_Result r) {
            POOL.give(epoch);
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Run, and the driver knows that it may have been.")
    @Outcome(id = "0, [01]", expect = Expect.ACCEPTABLE, desc = "Left alone.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Run here, and the driver makes it again.")
    @State
    public static class DriverWithoutFence {
        private static final Pool<HandEpoch> POOL =
                new Pool<>(() -> new HandEpoch(HandEpoch.Fault.DRIVER_WITHOUT_FENCE));

        private final HandEpoch epoch = POOL.take().fresh();

        @Actor
        public void rank(II_Result r) {
            r.r1 = epoch.take();
        }

        @Actor
        public void driver(II_Result r) {
            r.r2 = epoch.end();
        }

        @Arbiter
        public void rest(II_Result r) {
            POOL.give(epoch);
        }
    }
}
