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
@Description("Frames come in the order in which they were published, one by one or in one batch.")
@Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "Polled before.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Between the two.")
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "After both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, torn, foreign or out of order.")
@State
public class PublishOrderStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.withReaders(1));

    private final RingRig ring = RINGS.take();

    @Actor
    public void publish() {
        ring.mustPublish(RingRig.SMALL);
        ring.mustPublish(RingRig.SMALL);
    }

    @Actor
    public void poll(II_Result r) {
        r.r1 = ring.listener(0).read(1);
        r.r1 += ring.listener(0).read(1);
    }

    @Arbiter
    public void rest(II_Result r) {
        r.r2 = ring.listener(0).read(10);
        RINGS.give(ring);
    }
}
