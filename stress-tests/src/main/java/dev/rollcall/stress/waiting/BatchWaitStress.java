package dev.rollcall.stress.waiting;

import dev.rollcall.stress.support.Jitter;
import dev.rollcall.stress.support.Pool;
import dev.rollcall.stress.support.RingRig;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

@JCStressTest
@Description("A reader that falls asleep while a batch is published is woken when the batch ends.")
@Outcome(id = "0, 2, 2", expect = Expect.ACCEPTABLE, desc = "Time was up before it came to the cell.")
@Outcome(id = "1, [012], 2", expect = Expect.ACCEPTABLE, desc = "There was a frame when it looked.")
@Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "Slept, and the word has moved: woken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost wake-up, or lost frame.")
@State
public class BatchWaitStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.withReaders(1));
    private static final long MICROS = 10_000;

    private final RingRig ring = RINGS.take();
    private final int word;

    public BatchWaitStress() {
        ring.startFencing();
        word = ring.dataWord();
    }

    @Actor
    public void publish() {
        Jitter.pause();
        try (var _ = ring.writer.batch()) {
            ring.mustPublish(RingRig.SMALL);
            ring.mustPublish(RingRig.SMALL);
        }
    }

    @Actor
    public void await(III_Result r) {
        r.r1 = ring.listener(0).reader.await(MICROS) ? 1 : 0;
    }

    @Arbiter
    public void rest(III_Result r) {
        r.r2 = ring.dataMoves(word);
        r.r3 = ring.listener(0).read(10);
        RINGS.give(ring);
    }
}
