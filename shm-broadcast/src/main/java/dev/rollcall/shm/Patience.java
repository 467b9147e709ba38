package dev.rollcall.shm;

/**
 * How long a waiter stays awake before it sleeps, learned from how its waits ended. One thread, like the wait itself.
 *
 * <p>The spin budget doubles when spinning paid off and halves when it did not, down to almost nothing: a fixed spin is at
 * its worst (111 us against 6 us measured) when both sides share a core. The number of yields follows the sleeps: one that
 * was over sooner than falling asleep and being woken take would have been better spent awake, and doubles it; a longer one
 * halves it. So a reader that keeps up with a stream stays awake, whoever shares its core, and costs its writer no system
 * call for each message; one that is fed every millisecond yields a few times and sleeps. The rule is that of halt polling
 * in the KVM hypervisor, which has the same choice to make.
 */
final class Patience {
    /** A sleep shorter than this was not worth its wake-up. */
    static final long SHORT_SLEEP_NANOS = 50_000;

    static final int MAX_SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 512 : 0;
    static final int MIN_SPINS = Math.min(MAX_SPINS, 8);
    static final int MAX_YIELDS = 64;
    static final int MIN_YIELDS = 4;

    private int spins = MIN_SPINS;
    private int yields = MIN_YIELDS;

    int spins() {
        return spins;
    }

    int yields() {
        return yields;
    }

    void spun(boolean paidOff) {
        spins = paidOff ? Math.min(MAX_SPINS, spins << 1) : Math.max(MIN_SPINS, spins >> 1);
    }

    void slept(long nanos) {
        yields = nanos < SHORT_SLEEP_NANOS ? Math.min(MAX_YIELDS, yields << 1) : Math.max(MIN_YIELDS, yields >> 1);
    }
}
