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
@Description("A full ring waits for its slowest reader and overwrites nothing it has not read.")
@Outcome(id = "0, 4", expect = Expect.ACCEPTABLE, desc = "No space while the writer looked.")
@Outcome(id = "1, 5", expect = Expect.ACCEPTABLE, desc = "Space for one.")
@Outcome(id = "2, 6", expect = Expect.ACCEPTABLE, desc = "Space for two.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, torn or overwritten before it was read.")
@State
public class SlowestReaderStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.withReaders(2));

    private final RingRig ring = RINGS.take();

    /** Four unread frames for reader 0; reader 1 has read them all. */
    public SlowestReaderStress() {
        for (int i = 0; i < 4; i++) {
            ring.mustPublish(RingRig.LARGE);
        }
        int _ = ring.listener(1).read(10);
    }

    @Actor
    public void publish(II_Result r) {
        r.r1 = (ring.publish(RingRig.LARGE) ? 1 : 0) + (ring.publish(RingRig.LARGE) ? 1 : 0);
    }

    @Actor
    public void poll(II_Result r) {
        r.r2 = ring.listener(0).read(1);
        r.r2 += ring.listener(0).read(1);
    }

    @Arbiter
    public void rest(II_Result r) {
        r.r2 += ring.listener(0).read(10);
        int fast = ring.listener(1).read(10);
        if (fast != r.r1) {
            r.r2 = RingRig.WRONG;
        }
        RINGS.give(ring);
    }
}
