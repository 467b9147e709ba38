package dev.rollcall.tools.bench;

/** How both sides wait. */
enum WaitMode {
    /** Busy, never leaving the core. */
    SPIN,
    /** Giving the core away between looks. */
    YIELD,
    /** As DEFAULT: there is no mode that sleeps without looking a few times first. */
    BLOCK,
    /** What users get: adaptive spinning, yielding, then a futex. */
    DEFAULT;

    /** Whether commits and reads must wake sleepers. */
    boolean sleeps() {
        return this == BLOCK || this == DEFAULT;
    }
}
