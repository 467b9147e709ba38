package dev.rollcall.stress.board;

import dev.rollcall.stress.support.EpochRig;
import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The driver ends the epoch while a rank takes a call: a call that the driver makes again elsewhere is never run here. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Run, and the driver knows that it may have been.")
@Outcome(id = "0, [01]", expect = Expect.ACCEPTABLE, desc = "Left alone.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Run here, and the driver makes it again.")
@State
public class EndEpochStress {
    private static final Pool<EpochRig> POOL = new Pool<>(EpochRig::create);

    private final EpochRig rig = POOL.take().fresh();

    @Actor
    public void rank(II_Result r) {
        rig.worker.received(rig.call());
        r.r1 = rig.worker.isEpochOver() ? 0 : 1;
    }

    @Actor
    public void driver(II_Result r) {
        r.r2 = rig.driver.endEpoch() >= rig.call() ? 1 : 0;
    }

    @Arbiter
    public void rest(II_Result r) {
        POOL.give(rig);
    }
}
