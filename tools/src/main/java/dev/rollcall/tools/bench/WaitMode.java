package dev.rollcall.tools.bench;

import dev.rollcall.shm.WaitStrategy;

/** How both sides wait. */
enum WaitMode {
    /** Busy, never leaving the core. */
    SPIN,
    /** Giving the core away between looks. */
    YIELD,
    /** Asleep at once. */
    BLOCK,
    /** What users get: adaptive spinning, yielding, then a futex. */
    DEFAULT;

    WaitStrategy strategy() {
        return switch (this) {
            case SPIN -> WaitStrategy.spinning();
            case YIELD -> WaitStrategy.yielding();
            case BLOCK -> WaitStrategy.sleeping();
            case DEFAULT -> WaitStrategy.adaptive();
        };
    }

    /** Whether commits and reads must wake sleepers. */
    boolean sleeps() {
        return this == BLOCK || this == DEFAULT;
    }

    /** Between two looks of a mode that does not sleep. */
    void pause() {
        if (this == SPIN) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
