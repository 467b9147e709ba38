package dev.rollcall.stress.ring;

import dev.rollcall.shm.ReaderEvictedException;
import dev.rollcall.shm.RingConfig;
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
@Description("An evicted reader learns it before it uses anything that was overwritten, and may come back.")
@Outcome(id = "[0-4], 1", expect = Expect.ACCEPTABLE, desc = "Learned it; what it used before was whole.")
@Outcome(id = "[0-4], 0", expect = Expect.ACCEPTABLE, desc = "Had read what there was, or found nothing yet.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Used a torn or foreign copy, or could not come back.")
@State
public class EvictStress {
    private static final Pool<RingRig> RINGS = new Pool<>(
            () -> RingRig.withReaders(RingConfig.builder(RingRig.CAPACITY, 1).copyOut(true).build()));

    private final RingRig ring = RINGS.take();

    public EvictStress() {
        int _ = ring.fill(RingRig.LARGE);
    }

    @Actor
    public void evictAndOverwrite() {
        boolean evicted = ring.writer.evict(0);
        for (int i = 0; i < 4 && evicted; i++) {
            ring.mustPublish(RingRig.LARGE);
        }
    }

    @Actor
    public void poll(II_Result r) {
        try {
            r.r1 = ring.listener(0).read(4);
        } catch (ReaderEvictedException _) {
            r.r1 = ring.listener(0).readBeforeEviction();
            r.r2 = 1;
        }
    }

    @Arbiter
    public void comeBack(II_Result r) {
        RingRig.Listener listener = ring.listener(0);
        listener.reader.rejoin();
        listener.expect(ring.next());
        if (!ring.publish(RingRig.LARGE) || listener.read(2) != 1) {
            r.r1 = RingRig.WRONG;
        }
        RINGS.give(ring);
    }
}
