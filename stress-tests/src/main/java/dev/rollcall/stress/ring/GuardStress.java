package dev.rollcall.stress.ring;

import dev.rollcall.shm.Guard;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

@JCStressTest
@Description("Memory that is closed by another thread does not go while the writer is at it, and the writer does not come back.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Came too late, and was told.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Used it before it went.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Used it after it had gone.")
@State
public class GuardStress {
    private final Guard guard = new Guard();
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
