package dev.rollcall.stress.support;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * A reader that goes to sleep as far as the last look before it, and a writer that waits until it is nearly there. The reader does
 * not look again after that: it takes what it slept through for slept through.
 */
public final class Brink {
    private static final int WRITERS_SPINS = 64;
    /** A long sleep, and far from the pause after which a reader looks once more, if its writer does not fence. */
    private static final long LONG_NANOS = 99_000_000;
    private static final long SHORT_NANOS = 90_000_000;
    /** One before the flag is up, one with it. */
    private static final int LAST_LOOK = 2;

    private final int readersSpins;
    private volatile boolean near;
    private int looks;
    private long flagged;
    private boolean pauses;
    private boolean saw;

    /** With how many loads at most the reader waits for a writer that has some way to go. */
    public Brink(int readersSpins) {
        this.readersSpins = readersSpins;
    }

    /** The reader's thread: whether there was a frame before it went to sleep for long. */
    public boolean awaitOn(RingRig ring) {
        ring.listener(0).reader.waiting((cell, ready, _) -> cell.awaitAsleep(() -> look(ring, ready), LONG_NANOS));
        boolean _ = ring.listener(0).reader.await(0);
        return saw;
    }

    /** True ends the wait, which the look after a long sleep does in any case. */
    private boolean look(RingRig ring, BooleanSupplier ready) {
        looks++;
        if (looks > LAST_LOOK && !(looks == LAST_LOOK + 1 && pauses && System.nanoTime() - flagged < SHORT_NANOS)) {
            return true;
        }
        if (looks == LAST_LOOK) {
            pauses = !ring.fences();
            flagged = System.nanoTime();
        }
        saw = ready.getAsBoolean();
        return saw || comeNear();
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
