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
@Description("A frame is seen whole or not at all, and nothing behind it: not the old frame that stands there.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Polled before it was published; there afterwards.")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Polled after it was published.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, torn or foreign.")
@State
public class PublishPollStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.withReaders(1));

    private final RingRig ring = RINGS.take();

    @Actor
    public void publish() {
        ring.mustPublish(RingRig.SMALL);
    }

    @Actor
    public void poll(II_Result r) {
        r.r1 = ring.listener(0).readSoon(10);
    }

    @Arbiter
    public void rest(II_Result r) {
        r.r2 = ring.listener(0).read(10);
        RINGS.give(ring);
    }
}
