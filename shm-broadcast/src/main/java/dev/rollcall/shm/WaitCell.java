package dev.rollcall.shm;

import dev.rollcall.shm.os.Futex;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

/**
 * Sleeping until another process has published something, and waking the sleepers: a 32-bit word to sleep on and a flag
 * beside it, apart from any position. {@link #signal()}: any thread of any process. {@link #await}: one thread per object,
 * any number of objects on the same cell. A virtual thread is never put to sleep in the kernel, where it would pin its
 * carrier: it polls, ever more slowly, down to once a millisecond.
 *
 * <h2>Protocol</h2>
 *
 * <pre>
 * sleeper                                   waker
 * -------                                   -----
 * v = word                                  publish (release)
 * flag = 1                                  full fence
 * full fence                                if flag == 0: done
 * re-check the condition                    flag = 0
 * sleep while word == v, at most 100 ms     full fence
 * look, and only then begin again           word + 1
 *                                           wake all
 * </pre>
 *
 * The two full fences make a Dekker pair: either the sleeper's re-check sees what was published, or the waker sees the
 * flag. The waker's order is clear, bump, wake; bump-before-clear and wake-before-clear both lose wake-ups, because a
 * second sleeper may set the flag between the two and be cleared without being woken. The word changes only when somebody
 * may sleep, so a busy ring never touches it. Who was woken looks before it raises the flag again: a flag left up by
 * somebody who does not sleep costs the next signal a system call (eight workers that block: 79 us a call with it, 72
 * without). A waker that is the only one may go without its fence: {@link SoleWaker}.
 *
 * <p>Nobody counts sleepers: one that died or was stopped costs the next waker one system call, once. A waker killed
 * between clearing the flag and waking swallows that wake-up; the 100 ms bound on every sleep is what repairs it, so it
 * is part of the protocol and not a tuning value. An interrupt does not end a native wait; the same bound does.
 *
 * <h2>Spinning</h2>
 *
 * Before it sleeps, a waiter spins and then yields. The spin budget adapts: it doubles when spinning paid off and halves
 * when it did not, down to next to nothing, because a fixed spin is at its worst (111 us against 6 us measured) when both sides
 * share a core. Even where it pays it stays short, a few microseconds: with more threads than cores whoever spins keeps the
 * publisher from running. (Eight workers and their driver on two cores: 512 pauses at most made 12,000 calls a second, 32 make
 * 23,000.) Yielding hands the core to a publisher that is runnable here; sleeping is for everything longer. A waiter whose
 * last wait brought nothing is idle and goes to sleep at once.
 */
public final class WaitCell {
    /** Bytes a cell takes: two cache lines, so that neighbours' prefetch does not touch it. */
    public static final long BYTES = 128;

    private static final long WORD = 0;
    static final long FLAG = 4;
    static final long UNFENCED = 8;
    /** By then a store is visible everywhere; one sleep of {@link Futex}'s. */
    static final long SETTLED_NANOS = 128_000;
    private static final int MAX_SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 32 : 0;
    private static final int MIN_SPINS = Math.min(MAX_SPINS, 8);
    private static final int YIELDS = 4;

    private final MemorySegment memory;
    private final long word;
    private final long flag;
    private final long unfenced;
    private final long address;
    private int spins = MIN_SPINS;
    private boolean idle;
    private volatile boolean inside;
    private volatile boolean closed;

    /**
     * A view of the cell at that place.
     *
     * @param memory shared memory, mapped for writing; all zero is a cell nobody sleeps on
     * @param offset of the cell, bytes, a multiple of 64
     */
    public WaitCell(MemorySegment memory, long offset) {
        this.memory = memory;
        this.word = offset + WORD;
        this.flag = offset + FLAG;
        this.unfenced = offset + UNFENCED;
        this.address = memory.address() + offset + WORD;
    }

    /** Wakes whoever sleeps here; call after publishing. One full fence when nobody does. */
    public void signal() {
        VarHandle.fullFence();
        if (maySleep()) {
            wake();
        }
    }

    /** Whether somebody may sleep here. */
    boolean maySleep() {
        return Words.intOpaque(memory, flag) != 0;
    }

    /** Tells sleepers whether the {@linkplain SoleWaker one waker} goes without a fence. */
    void unfenced(boolean without) {
        Words.intRelease(memory, unfenced, without ? 1 : 0);
    }

    void wake() {
        Words.intOpaque(memory, flag, 0);
        Steps.at("wait.wake.flag-cleared");
        VarHandle.fullFence();
        int _ = Words.intGetAndAdd(memory, word, 1);
        Steps.at("wait.wake.word-raised");
        Futex.wakeAll(address);
    }

    /**
     * Waits until the condition holds, time is up, the thread is interrupted or this object is closed.
     *
     * @param ready        cheap, without side effects, acquires what it reads
     * @param timeoutNanos at most this long, nanoseconds; zero or less looks once
     * @return whether the condition held at the last look
     */
    public boolean await(BooleanSupplier ready, long timeoutNanos) {
        return await(ready, timeoutNanos, true);
    }

    /**
     * As {@link #await}, without spinning or yielding first.
     *
     * @param ready        cheap, without side effects, acquires what it reads
     * @param timeoutNanos at most this long, nanoseconds; zero or less looks once
     * @return whether the condition held at the last look
     */
    public boolean awaitAsleep(BooleanSupplier ready, long timeoutNanos) {
        return await(ready, timeoutNanos, false);
    }

    private boolean await(BooleanSupplier ready, long timeoutNanos, boolean spinFirst) {
        inside = true; // before the look at closed, as close() sets closed before it looks here
        try {
            return !closed
                    && (ready.getAsBoolean() || (timeoutNanos > 0 && awaitInside(ready, timeoutNanos, spinFirst)));
        } finally {
            inside = false;
        }
    }

    private boolean awaitInside(BooleanSupplier ready, long timeoutNanos, boolean spinFirst) {
        long start = System.nanoTime();
        return (spinFirst && !idle && spin(ready)) || sleep(ready, start, timeoutNanos);
    }

    private boolean spin(BooleanSupplier ready) {
        for (int i = spins; i > 0; i--) {
            Thread.onSpinWait();
            if (ready.getAsBoolean()) {
                spins = Math.min(MAX_SPINS, spins << 1);
                return true;
            }
        }
        spins = Math.max(MIN_SPINS, spins >> 1);
        for (int i = YIELDS; i > 0; i--) {
            Thread.yield();
            if (ready.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }

    private boolean sleep(BooleanSupplier ready, long start, long timeoutNanos) {
        if (Thread.currentThread().isVirtual()) {
            return Polling.backOffUntil(() -> closed || ready.getAsBoolean(), timeoutNanos) && ready.getAsBoolean();
        }
        idle = closed || !sleepUntil(ready, start, timeoutNanos);
        return !idle;
    }

    private boolean sleepUntil(BooleanSupplier ready, long start, long timeoutNanos) {
        int upFor = 0;
        long upSince = 0;
        for (boolean first = true;; first = false) {
            int seen = Words.intAcquire(memory, word);
            Words.intOpaque(memory, flag, 1);
            Steps.at("wait.sleep.flag-set");
            VarHandle.fullFence();
            boolean settles = Words.intAcquire(memory, unfenced) != 0;
            if (ready.getAsBoolean()) {
                return true;
            }
            long now = System.nanoTime();
            long left = timeoutNanos - (now - start);
            if (left <= 0 || closed || Thread.currentThread().isInterrupted()) {
                return false;
            }
            // Who cleared the flag since then raises the word: it differs already, or will, and then there is no sleeping on it.
            if (first || seen != upFor) {
                upFor = seen;
                upSince = now;
            }
            long unsettled = settles ? SETTLED_NANOS - (now - upSince) : 0;
            Futex.await(address, seen, unsettled > 0 ? Math.min(left, unsettled) : left);
            if (ready.getAsBoolean()) {
                return true; // the flag is not raised again: down, if a waker ended the sleep
            }
        }
    }

    /**
     * Sends the thread that waits through this object away and waits until it has left, so that the memory may be unmapped.
     * Any thread; later waits through this object return at once. Other objects on the same cell wake and sleep again.
     */
    public void close() {
        sendAway();
        while (inside) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    /** As {@link #close()}, for whose waiters keep the memory themselves: waits for nobody. */
    void sendAway() {
        closed = true;
        wake();
    }
}
