package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A request to give up a running call, while another call wants the slot. */
public final class CancelTwins {
    private CancelTwins() {
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The running call sees it, no other does.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, or seen by another call.")
    @State
    public static class Sound {
        private static final Pool<HandCancel> POOL = new Pool<>(() -> new HandCancel(HandCancel.Fault.NONE));

        private final HandCancel slot = POOL.take().fresh();

        @Actor
        public void driver() {
            slot.cancelNewer();
        }

        @Actor
        public void rank(I_Result r) {
            r.r1 = slot.run();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(slot);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The running call sees it, no other does.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, or seen by another call.")
    @State
    public static class ReusedWithoutLooking {
        private static final Pool<HandCancel> POOL =
                new Pool<>(() -> new HandCancel(HandCancel.Fault.REUSED_WITHOUT_LOOKING));

        private final HandCancel slot = POOL.take().fresh();

        @Actor
        public void driver() {
            slot.cancelNewer();
        }

        @Actor
        public void rank(I_Result r) {
            r.r1 = slot.run();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(slot);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The running call sees it, no other does.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, or seen by another call.")
    @State
    public static class WordIsOnlyAFlag {
        private static final Pool<HandCancel> POOL =
                new Pool<>(() -> new HandCancel(HandCancel.Fault.WORD_IS_ONLY_A_FLAG));

        private final HandCancel slot = POOL.take().fresh();

        @Actor
        public void driver() {
            slot.cancelNewer();
        }

        @Actor
        public void rank(I_Result r) {
            r.r1 = slot.run();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(slot);
        }
    }
}
