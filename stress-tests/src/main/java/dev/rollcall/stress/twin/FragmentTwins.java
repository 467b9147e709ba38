package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A writer gives up behind two parts of a message and writes another; a reader joins meanwhile. */
public final class FragmentTwins {
    private FragmentTwins() {
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Joined before the message that came whole.")
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Joined in the midst of it, or after.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Handed out in part, or parts of two.")
    @State
    public static class Sound {
        private static final Pool<HandFragments> POOL = new Pool<>(() -> new HandFragments(HandFragments.Fault.NONE));

        private final HandFragments ring = POOL.take();

        @Actor
        public void write() {
            ring.write(2);
            ring.write(3);
        }

        @Actor
        public void join(I_Result r) {
            r.r1 = ring.joinSoon();
        }

        @Arbiter
        public void rest(I_Result r) {
            int rest = ring.poll();
            r.r1 = r.r1 < 0 || rest < 0 ? HandFragments.WRONG : r.r1 + rest;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Joined before the message that came whole.")
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Joined in the midst of it, or after.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Handed out in part, or parts of two.")
    @State
    public static class RestNotForgotten {
        private static final Pool<HandFragments> POOL =
                new Pool<>(() -> new HandFragments(HandFragments.Fault.REST_NOT_FORGOTTEN));

        private final HandFragments ring = POOL.take();

        @Actor
        public void write() {
            ring.write(2);
            ring.write(3);
        }

        @Actor
        public void join(I_Result r) {
            r.r1 = ring.joinSoon();
        }

        @Arbiter
        public void rest(I_Result r) {
            int rest = ring.poll();
            r.r1 = r.r1 < 0 || rest < 0 ? HandFragments.WRONG : r.r1 + rest;
            POOL.give(ring);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Joined before the message that came whole.")
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Joined in the midst of it, or after.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Handed out in part, or parts of two.")
    @State
    public static class LastTakenForProof {
        private static final Pool<HandFragments> POOL =
                new Pool<>(() -> new HandFragments(HandFragments.Fault.LAST_TAKEN_FOR_PROOF));

        private final HandFragments ring = POOL.take();

        @Actor
        public void write() {
            ring.write(2);
            ring.write(3);
        }

        @Actor
        public void join(I_Result r) {
            r.r1 = ring.joinSoon();
        }

        @Arbiter
        public void rest(I_Result r) {
            int rest = ring.poll();
            r.r1 = r.r1 < 0 || rest < 0 ? HandFragments.WRONG : r.r1 + rest;
            POOL.give(ring);
        }
    }
}
