package dev.rollcall.stress.twin;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Memory is left to the reader that is in it, by whoever closes. Unmapping is counted, and nothing more. */
public final class LeaveTwins {
    private LeaveTwins() {
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told; unmapped once.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Used it before it went; unmapped once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Never unmapped, or twice, or used after it had gone.")
    @State
    public static class Sound {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.NONE);
        private final AtomicInteger unmapped = new AtomicInteger();

        @Actor
        public void reader(II_Result r) {
            if (guard.enter()) {
                r.r1 = unmapped.get() == 0 ? 1 : -1;
                guard.exitLast();
            }
        }

        @Actor
        public void closer() {
            guard.leaveTo(unmapped::incrementAndGet);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = unmapped.get();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told; unmapped once.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Used it before it went; unmapped once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Never unmapped, or twice, or used after it had gone.")
    @State
    public static class NoFenceAtExit {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.NO_FENCE_AT_EXIT);
        private final AtomicInteger unmapped = new AtomicInteger();

        @Actor
        public void reader(II_Result r) {
            if (guard.enter()) {
                r.r1 = unmapped.get() == 0 ? 1 : -1;
                guard.exitLast();
            }
        }

        @Actor
        public void closer() {
            guard.leaveTo(unmapped::incrementAndGet);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = unmapped.get();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told; unmapped once.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Used it before it went; unmapped once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Never unmapped, or twice, or used after it had gone.")
    @State
    public static class LookedBeforeLeaving {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.LOOKED_BEFORE_LEAVING);
        private final AtomicInteger unmapped = new AtomicInteger();

        @Actor
        public void reader(II_Result r) {
            if (guard.enter()) {
                r.r1 = unmapped.get() == 0 ? 1 : -1;
                guard.exitLast();
            }
        }

        @Actor
        public void closer() {
            guard.leaveTo(unmapped::incrementAndGet);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = unmapped.get();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told; unmapped once.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Used it before it went; unmapped once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Never unmapped, or twice, or used after it had gone.")
    @State
    public static class NotLooked {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.NOT_LOOKED);
        private final AtomicInteger unmapped = new AtomicInteger();

        @Actor
        public void reader(II_Result r) {
            if (guard.enter()) {
                r.r1 = unmapped.get() == 0 ? 1 : -1;
                guard.exitLast();
            }
        }

        @Actor
        public void closer() {
            guard.leaveTo(unmapped::incrementAndGet);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = unmapped.get();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told; unmapped once.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Used it before it went; unmapped once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Never unmapped, or twice, or used after it had gone.")
    @State
    public static class NotTaken {
        private final HandGuard guard = new HandGuard(HandGuard.Fault.NOT_TAKEN);
        private final AtomicInteger unmapped = new AtomicInteger();

        @Actor
        public void reader(II_Result r) {
            if (guard.enter()) {
                r.r1 = unmapped.get() == 0 ? 1 : -1;
                guard.exitLast();
            }
        }

        @Actor
        public void closer() {
            guard.leaveTo(unmapped::incrementAndGet);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = unmapped.get();
        }
    }
}
