package dev.rollcall.stress.twin;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Memory goes while a writer may be at it. */
public final class GuardTwins {
    private GuardTwins() {
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Used it before it went.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Used it after it had gone.")
    @State
    public static class Sound {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.NONE);
        private boolean mapped = true;

        @Actor
        public void user(I_Result r) {
            if (guard.enter()) {
                r.r1 = mapped ? 1 : -1;
                guard.exit();
            }
        }

        @Actor
        public void closer() {
            guard.close();
            mapped = false;
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Used it before it went.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Used it after it had gone.")
    @State
    public static class NoFence {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.NO_FENCE);
        private boolean mapped = true;

        @Actor
        public void user(I_Result r) {
            if (guard.enter()) {
                r.r1 = mapped ? 1 : -1;
                guard.exit();
            }
        }

        @Actor
        public void closer() {
            guard.close();
            mapped = false;
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Used it before it went.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Used it after it had gone.")
    @State
    public static class NoWait {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.NO_WAIT);
        private boolean mapped = true;

        @Actor
        public void user(I_Result r) {
            if (guard.enter()) {
                r.r1 = mapped ? 1 : -1;
                guard.exit();
            }
        }

        @Actor
        public void closer() {
            guard.close();
            mapped = false;
        }
    }
}
