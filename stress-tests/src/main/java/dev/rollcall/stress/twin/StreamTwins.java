package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Who falls asleep while something is published is woken, by a waker that goes without its fence. */
public final class StreamTwins {
    private static final int THINGS = 3;

    private StreamTwins() {
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class Sound {
        private static final Pool<HandStream> POOL =
                new Pool<>(() -> new HandStream(HandStream.Fault.NONE));

        private final HandStream stream = POOL.take().fresh();

        @Actor
        public void waker() {
            stream.publish(THINGS);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = stream.takeAll(THINGS);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(stream);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class SleeperWithoutPause {
        private static final Pool<HandStream> POOL =
                new Pool<>(() -> new HandStream(HandStream.Fault.SLEEPER_WITHOUT_PAUSE));

        private final HandStream stream = POOL.take().fresh();

        @Actor
        public void waker() {
            stream.publish(THINGS);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = stream.takeAll(THINGS);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(stream);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Has got everything.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left asleep.")
    @State
    public static class FenceDroppedWithoutFence {
        private static final Pool<HandStream> POOL =
                new Pool<>(() -> new HandStream(HandStream.Fault.FENCE_DROPPED_WITHOUT_FENCE));

        private final HandStream stream = POOL.take().fresh();

        @Actor
        public void waker() {
            stream.publish(THINGS);
        }

        @Actor
        public void sleeper(I_Result r) {
            r.r1 = stream.takeAll(THINGS);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(stream);
        }
    }
}
