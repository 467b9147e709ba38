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
@Description("A message longer than the ring comes whole and once, or, when its writer ran out of time, not at all.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Whole.")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Given up in the middle; nothing was seen.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, torn, or seen in part.")
@State
public class FragmentStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.withReaders(1));
    private static final long TIMEOUT = 200_000;
    private static final int POLLS = 400;

    private final RingRig ring = RINGS.take();

    @Actor
    public void write(II_Result r) {
        r.r1 = ring.write(RingRig.MESSAGE, TIMEOUT) ? 1 : 0;
    }

    @Actor
    public void poll(II_Result r) {
        for (int i = 0; i < POLLS && r.r2 == 0; i++) {
            r.r2 = ring.listener(0).read(1);
            Thread.onSpinWait();
        }
    }

    @Arbiter
    public void rest(II_Result r) {
        r.r2 += ring.listener(0).read(10);
        ring.mustPublish(RingRig.SMALL);
        if (ring.listener(0).read(10) != 1) {
            r.r2 = RingRig.WRONG;
        }
        RINGS.give(ring);
    }
}
