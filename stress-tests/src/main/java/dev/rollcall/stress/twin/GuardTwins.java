package dev.rollcall.stress.twin;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.II_Result;

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

    @JCStressTest
    @Outcome(id = "0, [01]", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Wrote it, and it was there at the end.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Was told that it had written what was not there at the end.")
    @State
    public static class SoundEnd {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.NONE);
        private volatile int frame;

        @Actor
        public void writer(II_Result r) {
            if (guard.enter()) {
                frame = 1;
                guard.exit();
                r.r1 = 1;
            }
        }

        @Actor
        public void closer(II_Result r) {
            guard.close();
            r.r2 = frame; // as a reader does that hears of the end
        }
    }

    @JCStressTest
    @Outcome(id = "0, [01]", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Wrote it, and it was there at the end.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Was told that it had written what was not there at the end.")
    @State
    public static class EndBeforeLastFrame {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.NO_WAIT);
        private volatile int frame;

        @Actor
        public void writer(II_Result r) {
            if (guard.enter()) {
                frame = 1;
                guard.exit();
                r.r1 = 1;
            }
        }

        @Actor
        public void closer(II_Result r) {
            guard.close();
            r.r2 = frame;
        }
    }
}
