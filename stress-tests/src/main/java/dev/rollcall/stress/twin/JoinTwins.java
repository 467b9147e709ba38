package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A reader joins while the writer writes. */
public final class JoinTwins {
    private JoinTwins() {
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Every frame from where it joined.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, torn or overwritten before it was read.")
    @State
    public static class Sound {
        private static final Pool<HandRing> POOL = new Pool<>(() -> new HandRing(HandRing.Fault.NONE));

        private final HandRing ring = POOL.take().freshWithoutReader();

        @Actor
        public void publish() {
            int _ = ring.publishUpTo(12);
        }

        @Actor
        public void join(I_Result r) {
            ring.join();
            r.r1 = ring.poll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = r.r1 >= 0 && ring.rest() >= 0 ? 1 : HandRing.WRONG;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Every frame from where it joined.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, torn or overwritten before it was read.")
    @State
    public static class LimitUnboundedWithoutReaders {
        private static final Pool<HandRing> POOL =
                new Pool<>(() -> new HandRing(HandRing.Fault.LIMIT_UNBOUNDED_WITHOUT_READERS));

        private final HandRing ring = POOL.take().freshWithoutReader();

        @Actor
        public void publish() {
            int _ = ring.publishUpTo(12);
        }

        @Actor
        public void join(I_Result r) {
            ring.join();
            r.r1 = ring.poll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = r.r1 >= 0 && ring.rest() >= 0 ? 1 : HandRing.WRONG;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Every frame from where it joined.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, torn or overwritten before it was read.")
    @State
    public static class TailNotReadAgain {
        private static final Pool<HandRing> POOL = new Pool<>(() -> new HandRing(HandRing.Fault.TAIL_NOT_READ_AGAIN));

        private final HandRing ring = POOL.take().freshWithoutReader();

        @Actor
        public void publish() {
            int _ = ring.publishUpTo(12);
        }

        @Actor
        public void join(I_Result r) {
            ring.join();
            r.r1 = ring.poll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = r.r1 >= 0 && ring.rest() >= 0 ? 1 : HandRing.WRONG;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Every frame from where it joined.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, torn or overwritten before it was read.")
    @State
    public static class JoiningDoesNotGate {
        private static final Pool<HandRing> POOL =
                new Pool<>(() -> new HandRing(HandRing.Fault.JOINING_DOES_NOT_GATE));

        private final HandRing ring = POOL.take().freshWithoutReader();

        @Actor
        public void publish() {
            int _ = ring.publishUpTo(12);
        }

        @Actor
        public void join(I_Result r) {
            ring.join();
            r.r1 = ring.poll(2);
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = r.r1 >= 0 && ring.rest() >= 0 ? 1 : HandRing.WRONG;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Began no later than what was written for it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Begins behind a frame of the writer that waited for it.")
    @State
    public static class SoundWhenAwaited {
        private static final Pool<HandRing> POOL =
                new Pool<>(() -> new HandRing(HandRing.Fault.NONE));

        private final HandRing ring = POOL.take().freshWithoutReader();

        @Actor
        public void publish() {
            ring.publishOnceJoined();
        }

        @Actor
        public void join() {
            ring.join();
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = ring.beganInTime() ? 1 : HandRing.WRONG;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Began no later than what was written for it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Begins behind a frame of the writer that waited for it.")
    @State
    public static class ActiveBeforeSettled {
        private static final Pool<HandRing> POOL =
                new Pool<>(() -> new HandRing(HandRing.Fault.ACTIVE_BEFORE_SETTLED));

        private final HandRing ring = POOL.take().freshWithoutReader();

        @Actor
        public void publish() {
            ring.publishOnceJoined();
        }

        @Actor
        public void join() {
            ring.join();
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = ring.beganInTime() ? 1 : HandRing.WRONG;
            POOL.give(ring);
        }
    }
}
