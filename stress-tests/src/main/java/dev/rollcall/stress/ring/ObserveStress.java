package dev.rollcall.stress.ring;

import dev.rollcall.shm.ReaderLag;
import dev.rollcall.shm.RingObserver;
import dev.rollcall.shm.RingStatus;
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
@Description("Who only looks on sees a position that no reader has overtaken.")
@Outcome(id = "[01], [01]", expect = Expect.ACCEPTABLE, desc = "As far as it has come.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A negative or impossible lag.")
@State
public class ObserveStress {
    private static final Pool<Watched> RINGS = new Pool<>(Watched::new);

    private record Watched(RingRig ring, RingObserver observer) {
        Watched() {
            this(RingRig.named(1));
        }

        private Watched(RingRig ring) {
            this(ring, RingObserver.open(ring.file));
            RingRig.Listener _ = ring.join(0);
            ring.unlink();
        }
    }

    private final Watched watched = RINGS.take();
    private final long before = watched.observer.status().messages();

    @Actor
    public void publishAndRead() {
        watched.ring.mustPublish(RingRig.SMALL);
        int _ = watched.ring.listener(0).read(1);
    }

    @Actor
    public void look(II_Result r) {
        RingStatus status = watched.observer.status();
        ReaderLag lag = status.readers().getFirst();
        r.r1 = (int) (status.messages() - before);
        r.r2 = (int) lag.messages();
        if ((lag.bytes() != 0 && lag.bytes() != RingRig.SMALL + 8) || status.tail() % (RingRig.SMALL + 8) != 0) {
            r.r2 = RingRig.WRONG;
        }
    }

    @Arbiter
    public void rest(II_Result r) {
        RINGS.give(watched);
    }
}
