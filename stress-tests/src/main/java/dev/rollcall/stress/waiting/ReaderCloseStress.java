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
@Description("A reader that is closed by another thread while it waits is sent away with a word about it.")
@Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "Sent away.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Time was up before.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Not sent away, or left to memory that is no longer mapped.")
@State
public class ReaderCloseStress {
    private static final long MICROS = 20_000;

    private final RingRig ring = RingRig.named(1);
    private final RingRig.Listener listener = ring.join(0);

    @Actor
    public void close() {
        Jitter.pause();
        listener.reader.close();
    }

    @Actor
    public void await(I_Result r) {
        try {
            r.r1 = listener.reader.await(MICROS) ? 1 : 0;
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
