package dev.rollcall.stress.twin;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who ends a call, and whether anybody does. */
public final class CallTwins {
    private CallTwins() {
    }

    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two decided.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both decided, or nobody.")
    @State
    public static class SoundOutcome {
        private final HandCall call = new HandCall(HandCall.Fault.NONE);

        @Actor
        public void reply(II_Result r) {
            r.r1 = call.end(1) ? 1 : 0;
        }

        @Actor
        public void cancel(II_Result r) {
            r.r2 = call.end(2) ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two decided.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both decided, or nobody.")
    @State
    public static class OutcomeCheckedThenSet {
        private final HandCall call = new HandCall(HandCall.Fault.OUTCOME_CHECKED_THEN_SET);

        @Actor
        public void reply(II_Result r) {
            r.r1 = call.end(1) ? 1 : 0;
        }

        @Actor
        public void cancel(II_Result r) {
            r.r2 = call.end(2) ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Ended.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Registered in a failed group, and nobody will ever end it.")
    @State
    public static class SoundSweep {
        private final HandCall call = new HandCall(HandCall.Fault.NONE);

        @Actor
        public void call() {
            call.call();
        }

        @Actor
        public void fail() {
            call.fail();
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = call.isDecided() ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Ended.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Registered in a failed group, and nobody will ever end it.")
    @State
    public static class StateNotReadAgain {
        private final HandCall call = new HandCall(HandCall.Fault.STATE_NOT_READ_AGAIN);

        @Actor
        public void call() {
            call.call();
        }

        @Actor
        public void fail() {
            call.fail();
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = call.isDecided() ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Ended.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Registered in a failed group, and nobody will ever end it.")
    @State
    public static class StateSetAfterSweep {
        private final HandCall call = new HandCall(HandCall.Fault.STATE_SET_AFTER_SWEEP);

        @Actor
        public void call() {
            call.call();
        }

        @Actor
        public void fail() {
            call.fail();
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = call.isDecided() ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Ended.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Registered in a failed group, and nobody will ever end it.")
    @State
    public static class StateStoredWithRelease {
        private final HandCall call = new HandCall(HandCall.Fault.STATE_STORED_WITH_RELEASE);

        @Actor
        public void call() {
            call.call();
        }

        @Actor
        public void fail() {
            call.fail();
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = call.isDecided() ? 1 : 0;
        }
    }
}
