package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two frames are published while the reader polls. */
public final class PublishTwins {
    private PublishTwins() {
    }

    @JCStressTest
    @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "Polled before.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Between the two.")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "After both.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, torn or foreign.")
    @State
    public static class Sound {
        private static final Pool<HandRing> POOL = new Pool<>(() -> new HandRing(HandRing.Fault.NONE));

        private final HandRing ring = POOL.take().fresh();

        @Actor
        public void publish() {
            boolean _ = ring.publish();
            boolean _ = ring.publish();
        }

        @Actor
        public void poll(II_Result r) {
            r.r1 = ring.pollSoon(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = ring.rest();
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "Polled before.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Between the two.")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "After both.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, torn or foreign.")
    @State
    public static class HeaderBeforePayload {
        private static final Pool<HandRing> POOL = new Pool<>(() -> new HandRing(HandRing.Fault.HEADER_BEFORE_PAYLOAD));

        private final HandRing ring = POOL.take().fresh();

        @Actor
        public void publish() {
            boolean _ = ring.publish();
            boolean _ = ring.publish();
        }

        @Actor
        public void poll(II_Result r) {
            r.r1 = ring.pollSoon(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = ring.rest();
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "Polled before.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Between the two.")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "After both.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, torn or foreign.")
    @State
    public static class NextHeaderZeroedAfterCommit {
        private static final Pool<HandRing> POOL =
                new Pool<>(() -> new HandRing(HandRing.Fault.NEXT_HEADER_ZEROED_AFTER_COMMIT));

        private final HandRing ring = POOL.take().fresh();

        @Actor
        public void publish() {
            boolean _ = ring.publish();
            boolean _ = ring.publish();
        }

        @Actor
        public void poll(II_Result r) {
            r.r1 = ring.pollSoon(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = ring.rest();
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "Polled before.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Between the two.")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "After both.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, torn or foreign.")
    @State
    public static class NextHeaderNotZeroed {
        private static final Pool<HandRing> POOL =
                new Pool<>(() -> new HandRing(HandRing.Fault.NEXT_HEADER_NOT_ZEROED));

        private final HandRing ring = POOL.take().fresh();

        @Actor
        public void publish() {
            boolean _ = ring.publish();
            boolean _ = ring.publish();
        }

        @Actor
        public void poll(II_Result r) {
            r.r1 = ring.pollSoon(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = ring.rest();
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Polled before the frame.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Polled after the frame.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Saw what was given up, or lost the frame behind it.")
    @State
    public static class SoundAbort {
        private static final Pool<HandRing> POOL = new Pool<>(() -> new HandRing(HandRing.Fault.NONE));

        private final HandRing ring = POOL.take().fresh();

        @Actor
        public void abortThenPublish() {
            ring.abort();
            boolean _ = ring.publish();
        }

        @Actor
        public void poll(II_Result r) {
            r.r1 = ring.pollSoon(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = ring.rest();
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Polled before the frame.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Polled after the frame.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Saw what was given up, or lost the frame behind it.")
    @State
    public static class NoPaddingMark {
        private static final Pool<HandRing> POOL = new Pool<>(() -> new HandRing(HandRing.Fault.NO_PADDING_MARK));

        private final HandRing ring = POOL.take().fresh();

        @Actor
        public void abortThenPublish() {
            ring.abort();
            boolean _ = ring.publish();
        }

        @Actor
        public void poll(II_Result r) {
            r.r1 = ring.pollSoon(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = ring.rest();
            POOL.give(ring);
        }
    }
}
