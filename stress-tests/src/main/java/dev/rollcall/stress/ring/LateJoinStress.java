package dev.rollcall.stress.ring;

import dev.rollcall.shm.RingReader;
import dev.rollcall.stress.support.Pool;
import dev.rollcall.stress.support.RingRig;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

@JCStressTest
@Description("Who joins while the writer writes finds every frame from there on.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "All frames from where it joined.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, torn or overwritten before it was read.")
@State
public class LateJoinStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.named(1));
    private static final int MOST_FRAMES = 20_000;

    private final RingRig ring = RINGS.take();
    private RingRig.@Nullable Listener joined;

    /** Writes until the joiner holds it back. */
    @Actor
    public void publish() {
        int frames = 0;
        while (frames < MOST_FRAMES && ring.publish(RingRig.LARGE)) {
            frames++;
        }
    }

    @Actor
    public void join(I_Result r) {
        RingReader reader = RingReader.join(ring.file, 0);
        RingRig.Listener listener = new RingRig.Listener(reader, numberAt(reader.position()));
        joined = listener;
        r.r1 = listener.read(2);
    }

    @Arbiter
    public void rest(I_Result r) {
        RingRig.Listener listener = Objects.requireNonNull(joined);
        r.r1 += listener.read(10);
        r.r1 = r.r1 >= 0 && listener.expected() == ring.next() ? 1 : RingRig.WRONG;
        listener.reader.close();
        RINGS.give(ring);
    }

    /** Frames are all of one size here. */
    private static long numberAt(long position) {
        return position / (RingRig.LARGE + 8) + 1;
    }
}
