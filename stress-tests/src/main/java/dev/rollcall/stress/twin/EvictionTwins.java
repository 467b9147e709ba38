package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A reader is evicted and its space written anew while it reads. */
public final class EvictionTwins {
    private EvictionTwins() {
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Learned that it was evicted, and used nothing.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Used a whole copy.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Used a torn copy.")
    @State
    public static class Sound {
        private static final Pool<HandEviction> POOL = new Pool<>(() -> new HandEviction(HandEviction.Fault.NONE));

        private final HandEviction frame = POOL.take().fresh();

        @Actor
        public void evict() {
            frame.evict();
        }

        @Actor
        public void read(I_Result r) {
            r.r1 = frame.read();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(frame);
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Learned that it was evicted, and used nothing.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Used a whole copy.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Used a torn copy.")
    @State
    public static class NotChecked {
        private static final Pool<HandEviction> POOL =
                new Pool<>(() -> new HandEviction(HandEviction.Fault.NOT_CHECKED));

        private final HandEviction frame = POOL.take().fresh();

        @Actor
        public void evict() {
            frame.evict();
        }

        @Actor
        public void read(I_Result r) {
            r.r1 = frame.read();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(frame);
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Learned that it was evicted, and used nothing.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Used a whole copy.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Used a torn copy.")
    @State
    public static class CheckedBeforeReading {
        private static final Pool<HandEviction> POOL =
                new Pool<>(() -> new HandEviction(HandEviction.Fault.CHECKED_BEFORE_READING));

        private final HandEviction frame = POOL.take().fresh();

        @Actor
        public void evict() {
            frame.evict();
        }

        @Actor
        public void read(I_Result r) {
            r.r1 = frame.read();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(frame);
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Learned that it was evicted, and used nothing.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Used a whole copy.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Used a torn copy.")
    @State
    public static class OverwrittenBeforeMarking {
        private static final Pool<HandEviction> POOL =
                new Pool<>(() -> new HandEviction(HandEviction.Fault.OVERWRITTEN_BEFORE_MARKING));

        private final HandEviction frame = POOL.take().fresh();

        @Actor
        public void evict() {
            frame.evict();
        }

        @Actor
        public void read(I_Result r) {
            r.r1 = frame.read();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(frame);
        }
    }
}
