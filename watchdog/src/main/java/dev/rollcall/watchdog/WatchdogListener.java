package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Verdict;

/**
 * Told what the watchdog finds. Called on the watchdog's thread: be quick, block on nothing. What it throws is logged and
 * dropped, but for errors of the virtual machine (out of memory). Times are
 * nanoseconds of the watchdog's clock, {@link System#nanoTime()} of its process.
 */
public interface WatchdogListener {
    /** Told nothing. */
    WatchdogListener NONE = new WatchdogListener() {
    };

    /**
     * Somebody is suspected, or excused ({@link Finding#excuses()}): said, not acted on.
     *
     * @param finding who and why
     * @param atNanos when it was published
     */
    default void suspected(Finding finding, long atNanos) {
    }

    /**
     * A suspicion was taken back: there is progress again.
     *
     * @param finding who had been suspected
     * @param lastedNanos for how long
     */
    default void cleared(Finding finding, long lastedNanos) {
    }

    /**
     * A verdict was reached; in enforce mode it has been published just now.
     *
     * @param verdict what is on the board, or would be
     * @param finding what it was made from, with the limit that was in force
     * @param enforced whether it was published
     * @param timeline what led to it
     */
    default void decided(Verdict verdict, Finding finding, boolean enforced, Timeline timeline) {
    }

    /**
     * The evidence of a verdict is saved, or could not be.
     *
     * @param verdict the verdict, with its incident folder, "" when nothing was saved
     * @param timeline when what happened
     * @param atNanos when this was published
     */
    default void sealed(Verdict verdict, Timeline timeline, long atNanos) {
    }

    /**
     * The watchdog killed a hung driver, or tried to.
     *
     * @param verdict the verdict against the driver
     * @param dead whether the driver is dead now
     */
    default void driverKilled(Verdict verdict, boolean dead) {
    }

    /**
     * There is nothing left to watch.
     *
     * @param reason why, in words
     */
    default void ended(String reason) {
    }

    /**
     * The watchdog itself cannot go on. It has let go of the group, which nobody watches now; another watchdog may attach.
     *
     * @param cause an error out of a tick
     */
    default void failed(Throwable cause) {
    }
}
