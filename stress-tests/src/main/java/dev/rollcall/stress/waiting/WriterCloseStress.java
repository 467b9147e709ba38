package dev.rollcall.stress.waiting;

import dev.rollcall.shm.RingClosedException;
import dev.rollcall.stress.support.Jitter;
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
@Description("A writer that is closed by another thread while it waits for space is sent away with a word about it.")
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "Sent away.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Time was up before.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Not sent away, or left to memory that is no longer mapped.")
@State
public class WriterCloseStress {
    private static final long MICROS = 20_000;

    private final RingRig ring = RingRig.named(1);
    private final RingRig.Listener listener = ring.join(0);

    public WriterCloseStress() {
        int _ = ring.fill(RingRig.LARGE);
    }

    @Actor
    public void close() {
        Jitter.pause();
        ring.writer.close();
    }

    @Actor
    public void await(I_Result r) {
        try {
            r.r1 = ring.write(RingRig.LARGE, MICROS) ? 1 : 0;
        } catch (RingClosedException _) {
            r.r1 = -1;
        } catch (IllegalStateException _) {
            r.r1 = RingRig.WRONG; // unmapped
        }
    }

    @Arbiter
    public void rest(I_Result r) {
        ring.writer.close();
        listener.reader.close();
        ring.close();
    }
}
