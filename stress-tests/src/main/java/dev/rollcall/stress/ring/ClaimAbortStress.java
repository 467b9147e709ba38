package dev.rollcall.stress.ring;

import dev.rollcall.stress.support.Pool;
import dev.rollcall.stress.support.RingRig;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

@JCStressTest
@Description("A claim that was given up is passed over unseen, and the frame behind it is found.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Polled before the frame.")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Polled after the frame.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Saw what was given up, or lost the frame behind it.")
@State
public class ClaimAbortStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.withReaders(1));

    private final RingRig ring = RINGS.take();

    @Actor
    public void abortThenPublish() {
        ring.abort(RingRig.LARGE);
        ring.mustPublish(RingRig.SMALL);
    }

    @Actor
    public void poll(II_Result r) {
        r.r1 = ring.listener(0).read(10);
    }

    @Arbiter
    public void rest(II_Result r) {
        r.r2 = ring.listener(0).read(10);
        RINGS.give(ring);
    }
}
