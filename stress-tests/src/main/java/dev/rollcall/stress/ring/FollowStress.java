package dev.rollcall.stress.ring;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingFollower;
import dev.rollcall.stress.support.Pool;
import dev.rollcall.stress.support.RingRig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

@JCStressTest
@Description("Who follows without a slot sees whole frames, each at its place, or is told nothing.")
@Outcome(id = "[0-3]", expect = Expect.ACCEPTABLE, desc = "So many, whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn or foreign.")
@State
public class FollowStress {
    private static final Pool<Followed> RINGS = new Pool<>(Followed::new);
    private static final int FRAME = RingRig.LARGE + 8;

    private record Followed(RingRig ring, RingFollower follower) {
        Followed() {
            this(RingRig.named(RingConfig.builder(RingRig.CAPACITY, 1).followers(true).build()));
        }

        private Followed(RingRig ring) {
            this(ring, RingFollower.open(ring.file));
            ring.unlink();
        }
    }

    private final Followed followed = RINGS.take();
    private boolean wrong;

    public FollowStress() {
        for (int i = 0; i < 3; i++) {
            followed.ring.mustPublish(RingRig.LARGE);
        }
    }

    @Actor
    public void overtake() {
        for (int i = 0; i < 5; i++) {
            followed.ring.mustPublish(RingRig.LARGE);
        }
    }

    @Actor
    public void follow(I_Result r) {
        int frames = followed.follower.poll(this::check, 3);
        r.r1 = wrong ? RingRig.WRONG : frames;
    }

    /** The position has moved on by then; frames are all of one size. */
    private void check(int typeId, MemorySegment buffer, long offset, long length) {
        long expected = followed.follower.position() / FRAME;
        wrong |= length != RingRig.LARGE;
        for (long i = 0; i < length; i += 8) {
            wrong |= buffer.get(ValueLayout.JAVA_LONG, offset + i) != expected;
        }
    }

    @Arbiter
    public void rest(I_Result r) {
        RINGS.give(followed);
    }
}
