package dev.rollcall.stress.waiting;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Jitter;
import dev.rollcall.stress.support.Lines;
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

/** As {@link ReaderWaitStress}, on the cell of somebody who polls several rings, none of which wakes anybody itself. */
@JCStressTest
@Description("Who falls asleep at its doorbell while a frame is published is woken.")
@Outcome(id = "1, [012], 1", expect = Expect.ACCEPTABLE, desc = "The frame was there when it looked.")
@Outcome(id = "0, 2, 1", expect = Expect.ACCEPTABLE, desc = "Time was up before it came to the cell.")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "Slept, and the word has moved: woken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost wake-up, or lost frame.")
@State
public class DoorbellStress {
    private static final Pool<Bell> BELLS = new Pool<>(Bell::new);
    private static final long MICROS = 10_000;
    private static final long FLAG = 4;
    private static final int NEVER_CAME = 2;

    /** A ring whose writer rings a cell on another page. */
    private static final class Bell {
        private final RingRig ring =
                RingRig.withReaders(RingConfig.builder(RingRig.CAPACITY, 1).wakeups(false).build());
        private final Lines memory = Lines.map();

        Bell() {
            ring.writer.doorbell(new WaitCell(memory.here, 0));
        }
    }

    private final Bell bell = BELLS.take();

    public DoorbellStress() {
        Lines _ = bell.memory.clear();
    }

    @Actor
    public void publish() {
        Jitter.pause();
        bell.ring.mustPublish(RingRig.SMALL);
    }

    @Actor
    public void await(III_Result r) {
        RingReader reader = bell.ring.listener(0).reader;
        r.r1 = new WaitCell(bell.memory.there, 0).await(() -> reader.await(0), MICROS) ? 1 : 0;
    }

    @Arbiter
    public void rest(III_Result r) {
        int moved = Words.intAcquire(bell.memory.here, 0);
        r.r2 = moved == 0 && Words.intAcquire(bell.memory.here, FLAG) == 0 ? NEVER_CAME : Math.min(moved, 1);
        r.r3 = bell.ring.listener(0).read(10);
        BELLS.give(bell);
    }
}
