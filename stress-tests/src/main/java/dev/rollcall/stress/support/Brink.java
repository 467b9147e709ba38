package dev.rollcall.stress.support;

import dev.rollcall.shm.RingReader;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A reader that goes to sleep as far as the last look before it, and a writer that waits until it is nearly there. The wait ends
 * where it would have slept, on the word as it was before.
 */
public final class Brink {
    private static final int WRITERS_SPINS = 64;

    private final int readersSpins;
    private volatile boolean near;
    private boolean saw;

    /** With how many loads at most the reader waits for a writer that has some way to go. */
    public Brink(int readersSpins) {
        this.readersSpins = readersSpins;
    }

    /** The reader's thread: whether there was a frame at that last look. */
    public boolean awaitOn(RingReader reader) {
        reader.waiting((cell, ready, _) -> {
            saw = cell.awaitAsleep(() -> ready.getAsBoolean() || comeNear(), 1);
            return saw;
        });
        boolean _ = reader.await(0);
        return saw;
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

    private void spin(int most) {
        for (int i = ThreadLocalRandom.current().nextInt(most); i > 0 && near; i--) {
            // a load each
        }
    }
}
