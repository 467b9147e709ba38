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
@Description("Leaving sets the writer free; who comes back finds every frame from there on.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "All frames from where it rejoined.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Held back for ever, lost, torn or overwritten before it was read.")
@State
public class LeaveRejoinStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.named(1));
    private static final int MOST_FRAMES = 20_000;

    private final RingRig ring = RINGS.take();
    private final RingReader former = RingReader.join(ring.file, 0);
    private RingRig.@Nullable Listener back;
    private volatile boolean rejoined;

    /** A reader that reads nothing holds a full ring. */
    public LeaveRejoinStress() {
        int _ = ring.fill(RingRig.LARGE);
    }

    @Actor
    public void publish() {
        boolean held = false;
        for (int i = 0; i < MOST_FRAMES && !held; i++) {
            boolean before = rejoined;
            held = !ring.publish(RingRig.LARGE) && before;
        }
    }

    @Actor
    public void leaveAndRejoin(I_Result r) {
        former.close();
        RingReader reader = RingReader.join(ring.file, 0);
        RingRig.Listener listener = new RingRig.Listener(reader, reader.position() / (RingRig.LARGE + 8) + 1);
        back = listener;
        rejoined = true;
        r.r1 = listener.read(2);
    }

    @Arbiter
    public void rest(I_Result r) {
        RingRig.Listener listener = Objects.requireNonNull(back);
        r.r1 += listener.read(10);
        boolean free = ring.publish(RingRig.LARGE) && listener.read(10) == 1;
        r.r1 = free && r.r1 >= 0 && listener.expected() == ring.next() ? 1 : RingRig.WRONG;
        listener.reader.close();
        RINGS.give(ring);
    }
}
