package dev.rollcall.stress.waiting;

import dev.rollcall.shm.RingClosedException;
import dev.rollcall.stress.support.Jitter;
import dev.rollcall.stress.support.RingRig;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

@JCStressTest
@Description("A reader that waits while the writer closes learns it, and reads what was written before.")
@Outcome(id = "0, 2, 1", expect = Expect.ACCEPTABLE, desc = "Time was up before it came to the cell.")
@Outcome(id = "-1, [012], 1", expect = Expect.ACCEPTABLE, desc = "Learned it at once.")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "Slept, and the word has moved: woken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Sleeps on, or the last frame is lost.")
@State
public class WriterCloseReaderWaitStress {
    private static final long MICROS = 20_000;

    private final RingRig ring = RingRig.named(1);
    private final RingRig.Listener listener = ring.join(0);

    public WriterCloseReaderWaitStress() {
        if (ThreadLocalRandom.current().nextBoolean()) {
            ring.stopFencing();
        }
    }

    @Actor
    public void close() {
        Jitter.pause();
        ring.mustPublish(RingRig.SMALL);
        ring.writer.close();
    }

    @Actor
    public void await(III_Result r) {
        try {
            boolean frame = listener.reader.await(MICROS);
            r.r3 = frame ? listener.read(10) : 0;
            r.r1 = frame && listener.reader.await(MICROS) ? RingRig.WRONG : 0;
        } catch (RingClosedException _) {
            r.r1 = -1;
        }
    }

    @Arbiter
    public void rest(III_Result r) {
        r.r2 = ring.dataMoves(0);
        r.r3 += listener.read(10);
        ring.writer.close();
        listener.reader.close();
        ring.close();
    }
}
