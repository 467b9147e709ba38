package dev.rollcall.stress.ring;

import dev.rollcall.shm.Guard;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

@JCStressTest
@Description("Memory that is closed by another thread while a reader is in it goes once, when the reader has left it.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told; unmapped once.")
@Outcome(id = "[12], 1", expect = Expect.ACCEPTABLE, desc = "Used it before it went, once or twice; unmapped once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Never unmapped, or twice, or used after it had gone.")
@State
public class GuardLeaveStress {
    private static final int WRONG = -100;

    private final Guard guard = new Guard();
    private final AtomicInteger unmapped = new AtomicInteger();

    @Actor
    public void reader(II_Result r) {
        for (int visit = 0; visit < 2 && guard.enter(); visit++) {
            r.r1 += unmapped.get() == 0 ? 1 : WRONG;
            guard.exitLast();
        }
    }

    @Actor
    public void closer() {
        guard.closeAndLeave(unmapped::incrementAndGet);
    }

    @Arbiter
    public void rest(II_Result r) {
        r.r2 = unmapped.get();
    }
}
