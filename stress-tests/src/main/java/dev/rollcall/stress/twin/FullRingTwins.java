package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The ring is full, the writer looks for space while the reader reads. */
public final class FullRingTwins {
    private static final int FULL = 3;

    private FullRingTwins() {
    }

    @JCStressTest
    @Outcome(id = "0, 4", expect = Expect.ACCEPTABLE, desc = "No space yet.")
    @Outcome(id = "1, 5", expect = Expect.ACCEPTABLE, desc = "Space for one.")
    @Outcome(id = "2, 6", expect = Expect.ACCEPTABLE, desc = "Space for two.")
    @Outcome(id = "3, 7", expect = Expect.ACCEPTABLE, desc = "Space for three.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Stuck, or overwritten before it was read.")
    @State
    public static class Sound {
        private static final Pool<HandRing> POOL = new Pool<>(() -> new HandRing(HandRing.Fault.NONE));

        private final HandRing ring = POOL.take().fresh();
        private final int full = ring.publishUpTo(8);

        @Actor
        public void publish(II_Result r) {
            r.r1 = full + ring.publishUpTo(12) - FULL;
        }

        @Actor
        public void poll(II_Result r) {
            r.r2 = ring.poll(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 += ring.rest();
            r.r2 += ring.publish() ? ring.rest() : HandRing.WRONG;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 4", expect = Expect.ACCEPTABLE, desc = "No space yet.")
    @Outcome(id = "1, 5", expect = Expect.ACCEPTABLE, desc = "Space for one.")
    @Outcome(id = "2, 6", expect = Expect.ACCEPTABLE, desc = "Space for two.")
    @Outcome(id = "3, 7", expect = Expect.ACCEPTABLE, desc = "Space for three.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Stuck, or overwritten before it was read.")
    @State
    public static class NoRoomForNextHeader {
        private static final Pool<HandRing> POOL =
                new Pool<>(() -> new HandRing(HandRing.Fault.NO_ROOM_FOR_NEXT_HEADER));

        private final HandRing ring = POOL.take().fresh();
        private final int full = ring.publishUpTo(8);

        @Actor
        public void publish(II_Result r) {
            r.r1 = full + ring.publishUpTo(12) - FULL;
        }

        @Actor
        public void poll(II_Result r) {
            r.r2 = ring.poll(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 += ring.rest();
            r.r2 += ring.publish() ? ring.rest() : HandRing.WRONG;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 4", expect = Expect.ACCEPTABLE, desc = "No space yet.")
    @Outcome(id = "1, 5", expect = Expect.ACCEPTABLE, desc = "Space for one.")
    @Outcome(id = "2, 6", expect = Expect.ACCEPTABLE, desc = "Space for two.")
    @Outcome(id = "3, 7", expect = Expect.ACCEPTABLE, desc = "Space for three.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Stuck, or overwritten before it was read.")
    @State
    public static class ReaderIgnored {
        private static final Pool<HandRing> POOL = new Pool<>(() -> new HandRing(HandRing.Fault.READER_IGNORED));

        private final HandRing ring = POOL.take().fresh();
        private final int full = ring.publishUpTo(8);

        @Actor
        public void publish(II_Result r) {
            r.r1 = full + ring.publishUpTo(12) - FULL;
        }

        @Actor
        public void poll(II_Result r) {
            r.r2 = ring.poll(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 += ring.rest();
            r.r2 += ring.publish() ? ring.rest() : HandRing.WRONG;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 4", expect = Expect.ACCEPTABLE, desc = "No space yet.")
    @Outcome(id = "1, 5", expect = Expect.ACCEPTABLE, desc = "Space for one.")
    @Outcome(id = "2, 6", expect = Expect.ACCEPTABLE, desc = "Space for two.")
    @Outcome(id = "3, 7", expect = Expect.ACCEPTABLE, desc = "Space for three.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Stuck, or overwritten before it was read.")
    @State
    public static class PositionMovedBeforeReading {
        private static final Pool<HandRing> POOL =
                new Pool<>(() -> new HandRing(HandRing.Fault.POSITION_MOVED_BEFORE_READING));

        private final HandRing ring = POOL.take().fresh();
        private final int full = ring.publishUpTo(8);

        @Actor
        public void publish(II_Result r) {
            r.r1 = full + ring.publishUpTo(12) - FULL;
        }

        @Actor
        public void poll(II_Result r) {
            r.r2 = ring.poll(3);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 += ring.rest();
            r.r2 += ring.publish() ? ring.rest() : HandRing.WRONG;
            POOL.give(ring);
        }
    }
}
