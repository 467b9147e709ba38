package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a driver that hangs, on a thread of its own, because nobody else can. A stopped process ignores TERM until it is
 * continued; a hung one gets a second to leave in order. Asked from any thread. The calling process is never killed.
 */
final class DriverKill {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long TERM_NANOS = 1_000_000_000L;
    private static final long KILL_NANOS = 2_000_000_000L;

    private final Verdict verdict;
    private volatile boolean done;
    private volatile boolean dead;

    /** Begins. */
    DriverKill(Verdict verdict, ProcessIdentity driver) {
        this.verdict = verdict;
        Thread.ofPlatform().daemon().name("rollcall-driver-kill").start(() -> {
            try {
                dead = kill(driver);
            } catch (RuntimeException e) {
                LOG.error("driver not killed: pid={}", driver.pid(), e);
            } finally {
                done = true;
            }
        });
    }

    Verdict verdict() {
        return verdict;
    }

    boolean isDone() {
        return done;
    }

    boolean isDead() {
        return dead;
    }

    private static boolean kill(ProcessIdentity driver) {
        if (driver.pid() == ProcessHandle.current().pid()) {
            LOG.warn("driver not killed: it is this process pid={}", driver.pid());
            return false;
        }
        try (PidFd handle = PidFd.open(driver)) {
            return handle == null || end(handle, Signal.TERM, TERM_NANOS) || end(handle, Signal.KILL, KILL_NANOS);
        }
    }

    private static boolean end(PidFd handle, Signal signal, long nanos) {
        boolean sent = handle.signal(signal) && handle.signal(Signal.CONT);
        boolean dead = !sent || handle.awaitDeath(nanos);
        LOG.warn("driver told to end: signal={} pid={} dead={}", signal, handle.identity().pid(), dead);
        return dead;
    }
}
