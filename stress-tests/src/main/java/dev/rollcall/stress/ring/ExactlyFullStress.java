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
@Description("A ring filled to the last byte it may hold goes on once something was read.")
@Outcome(id = "0, 6", expect = Expect.ACCEPTABLE, desc = "Refused while full, taken afterwards.")
@Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "Taken at once: there was space again.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Stuck, or lost, doubled, torn.")
@State
public class ExactlyFullStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.withReaders(1));
    /** Four of these and a small frame leave exactly the eight bytes of the next header. */
    private static final int PAYLOAD = RingRig.LARGE;

    private final RingRig ring = RINGS.take();

    public ExactlyFullStress() {
        for (int i = 0; i < 4; i++) {
            ring.mustPublish(PAYLOAD);
        }
        ring.mustPublish(RingRig.CAPACITY - 8 - 4 * (PAYLOAD + 8) - 8);
        if (ring.publish(0)) {
            throw new IllegalStateException("not full");
        }
    }

    @Actor
    public void publish(II_Result r) {
        r.r1 = ring.publish(PAYLOAD) ? 1 : 0;
    }

    @Actor
    public void poll(II_Result r) {
        r.r2 = ring.listener(0).read(1);
    }

    @Arbiter
    public void rest(II_Result r) {
        r.r2 += ring.listener(0).read(10);
        r.r2 += ring.publish(RingRig.SMALL) ? ring.listener(0).read(10) : RingRig.WRONG;
        RINGS.give(ring);
    }
}
