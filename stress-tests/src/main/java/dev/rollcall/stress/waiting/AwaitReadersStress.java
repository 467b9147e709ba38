package dev.rollcall.stress.waiting;

import dev.rollcall.shm.RingReader;
import dev.rollcall.stress.support.Jitter;
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
import org.openjdk.jcstress.infra.results.III_Result;

/** A wait that ran out of time on the cell leaves its flag set, unless a waker came; so the two can be told apart. */
@JCStressTest
@Description("A writer that falls asleep before its reader has joined is woken by it, and finds it where it writes.")
@Outcome(id = "1, [012], 1", expect = Expect.ACCEPTABLE, desc = "The reader was there when it looked, and got its frame.")
@Outcome(id = "0, 2, 0", expect = Expect.ACCEPTABLE, desc = "Time was up before it came to the cell.")
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "Slept, and the word has moved: woken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost wake-up, or began behind what was written for it.")
@State
public class AwaitReadersStress {
    private static final Pool<RingRig> RINGS = new Pool<>(() -> RingRig.named(1));
    private static final long MICROS = 10_000;

    private final RingRig ring = RINGS.take();
    private final int word;
    private @Nullable RingReader joined;

    public AwaitReadersStress() {
        ring.clearFlags();
        word = ring.spaceWord();
    }

    @Actor
    public void await(III_Result r) {
        if (ring.writer.awaitReaders(1, MICROS)) {
            r.r1 = 1;
            ring.mustPublish(RingRig.SMALL);
        }
    }

    @Actor
    public void join() {
        Jitter.pause();
        joined = RingReader.join(ring.file, 0);
    }

    @Arbiter
    public void rest(III_Result r) {
        r.r2 = ring.spaceMoves(word);
        try (RingReader reader = Objects.requireNonNull(joined)) {
            r.r3 = reader.poll((_, _, _, _) -> {
            }, 10);
        }
        RINGS.give(ring);
    }
}
