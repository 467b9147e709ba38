package dev.rollcall.stress.support;

import java.util.concurrent.ThreadLocalRandom;

/** Moves one actor against the other, for races whose two sides are not equally far from the start. */
public final class Jitter {
    private static final int MOST_SPINS = 256;

    private Jitter() {
    }

    /** Between nothing and a few microseconds. */
    public static void pause() {
        for (int i = ThreadLocalRandom.current().nextInt(MOST_SPINS); i > 0; i--) {
            Thread.onSpinWait();
        }
    }
}
