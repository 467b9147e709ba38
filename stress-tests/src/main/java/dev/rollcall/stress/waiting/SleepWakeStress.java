package dev.rollcall.stress.waiting;

import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The real sleeper against the real waker. With a time-out of one nanosecond {@link WaitCell#await} goes all the way to its last
 * look and gives up where it would have slept: on the word as it was before. So a sleeper that gave up is woken if, and only if,
 * the word has changed in the end.
 */
@JCStressTest
@Description("Who falls asleep while something is published is woken.")
@Outcome(id = "1, [01]", expect = Expect.ACCEPTABLE, desc = "Saw it and did not sleep.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Slept and was woken: the word has moved.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost wake-up: sleeps on a word that nobody touched.")
@State
public class SleepWakeStress {
    private static final Pool<Lines> MEMORY = new Pool<>(Lines::map);
    private static final long CELL = 0;
    private static final long DATA = 512;
    /** Looks before the last one: at entry, while spinning, after each yield. */
    private static final int LOOKS_AHEAD = 13;

    private final Lines memory = MEMORY.take().clear();
    private int looks;
    private volatile boolean nearSleep;

    @Actor
    public void sleeper(II_Result r) {
        boolean seen = new WaitCell(memory.there, CELL).await(this::look, 1);
        nearSleep = true;
        r.r1 = seen ? 1 : 0;
    }

    private boolean look() {
        if (++looks == LOOKS_AHEAD) {
            nearSleep = true;
        }
        return Words.longAcquire(memory.there, DATA) != 0;
    }

    @Actor
    public void waker() {
        while (!nearSleep) {
            Thread.onSpinWait();
        }
        Words.longRelease(memory.here, DATA, 1L);
        new WaitCell(memory.here, CELL).signal();
    }

    @Arbiter
    public void woken(II_Result r) {
        r.r2 = Words.intAcquire(memory.here, CELL);
        MEMORY.give(memory);
    }
}
