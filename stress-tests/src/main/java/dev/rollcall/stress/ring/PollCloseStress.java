package dev.rollcall.stress.ring;

import dev.rollcall.shm.RingClosedException;
import dev.rollcall.stress.support.RingRig;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

@JCStressTest
@Description("A reader that is closed by another thread while it polls reads whole frames or is sent away.")
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "Sent away.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Read all before.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Read something else, or was left to memory that is no longer mapped.")
@State
public class PollCloseStress {
    private final RingRig ring = RingRig.named(1);
    private final RingRig.Listener listener = ring.join(0);
    private final int frames = ring.fill(RingRig.SMALL);

    @Actor
    public void close() {
        listener.reader.close();
    }

    @Actor
    public void poll(I_Result r) {
        try {
            r.r1 = listener.read(frames + 1) == frames ? 1 : RingRig.WRONG;
        } catch (RingClosedException _) {
            r.r1 = -1;
        } catch (IllegalStateException _) {
            r.r1 = RingRig.WRONG; // unmapped
        }
    }

    @Arbiter
    public void rest(I_Result r) {
        ring.writer.close();
        ring.close();
    }
}
