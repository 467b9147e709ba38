package dev.rollcall.stress.support;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * A reader that goes to sleep as far as the last look before it, and a writer that waits until it is nearly there. The reader does
 * not look again after that: it takes what it slept through for slept through.
 */
public final class Brink {
    private static final int WRITERS_SPINS = 64;
    /** More than the pause after which a reader looks once more, if its writer does not fence. */
    private static final long NANOS = 250_000;
    private static final int LOOKS_BEFORE_FLAG = 1;

    private final int readersSpins;
    private volatile boolean near;
    private int looks;
    private int most = LOOKS_BEFORE_FLAG + 1;

    /** With how many loads at most the reader waits for a writer that has some way to go. */
    public Brink(int readersSpins) {
        this.readersSpins = readersSpins;
    }

    /** The reader's thread: whether there was a frame before it went to sleep for long. */
    public boolean awaitOn(RingRig ring) {
        boolean[] saw = new boolean[1];
        ring.listener(0).reader.waiting((cell, ready, _) -> {
            saw[0] = cell.awaitAsleep(() -> look(ring, ready), NANOS);
            return saw[0];
        });
        boolean _ = ring.listener(0).reader.await(0);
        return saw[0];
    }

    private boolean look(RingRig ring, BooleanSupplier ready) {
        if (++looks > most) {
            return false;
        }
        if (looks == LOOKS_BEFORE_FLAG + 1 && !ring.fences()) {
            most++; // and sleeps for long only if there is nothing then
        }
        return ready.getAsBoolean() || comeNear();
    }

    /** Nothing is there yet. */
    private boolean comeNear() {
        if (!near) {
            near = true;
            spin(readersSpins);
        }
        return false;
    }

    /** The writer's thread. */
    public void awaitNear() {
        while (!near) {
            Thread.onSpinWait();
        }
        spin(WRITERS_SPINS);
    }

    private void spin(int atMost) {
        for (int i = ThreadLocalRandom.current().nextInt(atMost); i > 0 && near; i--) {
            // a load each
        }
    }
}
