package dev.rollcall.tools.hangsim;

import java.util.concurrent.locks.LockSupport;

/** The pace at which the stage hand looks again; each caller bounds its own wait. */
final class Pause {
    private static final long NANOS = 1_000_000L;

    private Pause() {
    }

    static void briefly() {
        LockSupport.parkNanos(NANOS);
    }
}
