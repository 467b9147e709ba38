package dev.rollcall.rpc;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.WaitStrategy;

/**
 * What an embedder's loop drives: the collector of the current epoch, whichever that is. Between two epochs there is
 * nothing to do. The loop's thread drives, and whoever closes the group; any thread changes the collector. One duty
 * cycle or change at a time.
 */
final class CollectorSeat implements Agent {

    private static final long NOBODY_NANOS = 1_000_000;

    private final String role;
    private final BooleanSupplier hasWork = this::hasWork;
    // guarded by this
    private @Nullable Collector sitting;
    private @Nullable WaitCell doorbell;
    private volatile @Nullable Thread idler;

    CollectorSeat(String role) {
        this.role = role;
    }

    synchronized void take(Collector collector, WaitCell bell) {
        sitting = collector;
        doorbell = bell;
    }

    /** When this returns, nobody sleeps on the doorbell any more. */
    void leave(Collector collector) {
        WaitCell left;
        synchronized (this) {
            if (sitting != collector) {
                return;
            }
            left = doorbell;
            sitting = null;
            doorbell = null;
        }
        // Not under the lock: whoever sleeps there takes it once more on the way out. A completion that closes the group on
        // the idling thread itself ends that wait by having been work.
        if (left != null && idler != Thread.currentThread()) {
            left.close();
        }
    }

    /** The loop's thread: until there is work, or may be. Takes replies while it looks. */
    void idle(WaitStrategy waiting) {
        WaitCell bell;
        long bound;
        synchronized (this) {
            bell = doorbell;
            bound = sitting == null ? NOBODY_NANOS : sitting.idleNanos();
        }
        if (bell == null) {
            LockSupport.parkNanos(this, bound);
            return;
        }
        idler = Thread.currentThread();
        try {
            waiting.await(bell, hasWork, bound);
        } catch (RuntimeException | Error e) {
            failed(e);
        } finally {
            idler = null;
        }
    }

    private synchronized boolean hasWork() {
        return sitting == null || sitting.hasWork();
    }

    @Override
    public synchronized int doWork() {
        return sitting == null ? 0 : sitting.doWork();
    }

    /** A duty cycle beside the loop, which an interrupt does not end. Any thread. */
    synchronized void drive() {
        try {
            int _ = doWork();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** By the loop's error handler, on its thread. */
    synchronized void failed(Throwable error) {
        if (sitting != null) {
            sitting.breakDown(error);
        }
    }

    @Override
    public String roleName() {
        return role;
    }
}
