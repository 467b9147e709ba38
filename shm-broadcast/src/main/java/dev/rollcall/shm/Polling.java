package dev.rollcall.shm;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting without being woken. The waiting thread. */
final class Polling {
    /** Looks between two glances at the clock, which cost as much as a few looks. */
    private static final int LOOKS = 64;

    private static final int YIELDS = 32;
    private static final long MIN_PARK_NANOS = 20_000;
    private static final long MAX_PARK_NANOS = 1_000_000;

    private Polling() {
    }

    static boolean spinUntil(BooleanSupplier ready, long timeoutNanos) {
        long start = System.nanoTime();
        while (true) {
            for (int i = 0; i < LOOKS; i++) {
                if (ready.getAsBoolean()) {
                    return true;
                }
                Thread.onSpinWait();
            }
            if (isOver(start, timeoutNanos)) {
                return ready.getAsBoolean();
            }
        }
    }

    static boolean yieldUntil(BooleanSupplier ready, long timeoutNanos) {
        long start = System.nanoTime();
        while (!ready.getAsBoolean()) {
            if (isOver(start, timeoutNanos)) {
                return ready.getAsBoolean();
            }
            Thread.yield();
        }
        return true;
    }

    static boolean backOffUntil(BooleanSupplier ready, long timeoutNanos) {
        long start = System.nanoTime();
        long park = MIN_PARK_NANOS;
        for (int looks = 0; !ready.getAsBoolean(); looks++) {
            if (isOver(start, timeoutNanos)) {
                return ready.getAsBoolean();
            }
            if (looks < YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(park);
                park = Math.min(MAX_PARK_NANOS, park * 2);
            }
        }
        return true;
    }

    private static boolean isOver(long start, long timeoutNanos) {
        return System.nanoTime() - start >= timeoutNanos || Thread.currentThread().isInterrupted();
    }
}
