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
@Description("A writer that is closed by another thread while it fills a claim in place keeps the memory until it commits.")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Readers get what was committed, whole, and nothing else.")
@Outcome(expect = Expect.FORBIDDEN, desc = "More, less, torn, or it was left to memory that is no longer mapped.")
@State
public class ClaimCloseStress {
    private static final int FRAMES = 10;

    private final RingRig ring = RingRig.named(1);
    private final RingRig.Listener listener = ring.join(0);
    private int written;

    @Actor
    public void close() {
        ring.writer.close();
    }

    @Actor
    public void publish(I_Result r) {
        try {
            while (written < FRAMES && ring.publish(RingRig.SMALL)) {
                written++;
            }
            r.r1 = 1;
        } catch (RingClosedException _) {
            r.r1 = 1;
        } catch (IllegalStateException _) {
            r.r1 = RingRig.WRONG; // unmapped
        }
    }

    @Arbiter
    public void rest(I_Result r) {
        r.r1 = ring.writer.buffer().scope().isAlive() ? RingRig.WRONG : r.r1;
        r.r1 = listener.read(2 * FRAMES) == written ? r.r1 : RingRig.WRONG;
        listener.reader.close();
        ring.close();
    }
}
