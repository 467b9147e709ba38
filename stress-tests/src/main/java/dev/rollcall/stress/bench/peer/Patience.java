package dev.rollcall.stress.bench.peer;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what happens once, while a run is set up. */
final class Patience {
    private static final long BOUND_NANOS = 30_000_000_000L;

    private Patience() {
    }

    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > BOUND_NANOS) {
                throw new IllegalStateException("did not happen: " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
