package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A follower is overtaken while it reads. */
public final class FollowTwins {
    private FollowTwins() {
    }

    @JCStressTest
    @Outcome(id = "[0-4]", expect = Expect.ACCEPTABLE, desc = "So many, whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Torn or foreign.")
    @State
    public static class Sound {
        private static final Pool<HandFollow> POOL = new Pool<>(() -> new HandFollow(HandFollow.Fault.NONE));

        private final HandFollow ring = POOL.take().fresh();

        @Actor
        public void overtake() {
            ring.publish(4);
        }

        @Actor
        public void follow(I_Result r) {
            r.r1 = ring.follow(4);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "[0-4]", expect = Expect.ACCEPTABLE, desc = "So many, whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Torn or foreign.")
    @State
    public static class LimitStoredAfterThePayload {
        private static final Pool<HandFollow> POOL =
                new Pool<>(() -> new HandFollow(HandFollow.Fault.LIMIT_STORED_AFTER_THE_PAYLOAD));

        private final HandFollow ring = POOL.take().fresh();

        @Actor
        public void overtake() {
            ring.publish(4);
        }

        @Actor
        public void follow(I_Result r) {
            r.r1 = ring.follow(4);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "[0-4]", expect = Expect.ACCEPTABLE, desc = "So many, whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Torn or foreign.")
    @State
    public static class CheckedBeforeTheCopy {
        private static final Pool<HandFollow> POOL =
                new Pool<>(() -> new HandFollow(HandFollow.Fault.CHECKED_BEFORE_THE_COPY));

        private final HandFollow ring = POOL.take().fresh();

        @Actor
        public void overtake() {
            ring.publish(4);
        }

        @Actor
        public void follow(I_Result r) {
            r.r1 = ring.follow(4);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "[0-4]", expect = Expect.ACCEPTABLE, desc = "So many, whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Torn or foreign.")
    @State
    public static class NotCheckedAfterTheHeader {
        private static final Pool<HandFollow> POOL =
                new Pool<>(() -> new HandFollow(HandFollow.Fault.NOT_CHECKED_AFTER_THE_HEADER));

        private final HandFollow ring = POOL.take().fresh();

        @Actor
        public void overtake() {
            ring.publish(4);
        }

        @Actor
        public void follow(I_Result r) {
            r.r1 = ring.follow(4);
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(ring);
        }
    }
}
