package dev.rollcall.rpc;

import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * What an embedder's loop drives: the collector of the current epoch, whichever that is. Between two epochs there is
 * nothing to do. The loop's thread drives, and whoever closes the group; any thread changes the collector. One duty
 * cycle or change at a time.
 */
final class CollectorSeat implements Agent {

    private final String role;
    // guarded by this
    private @Nullable Collector sitting;

    CollectorSeat(String role) {
        this.role = role;
    }

    synchronized void take(Collector collector) {
        sitting = collector;
    }

    synchronized void leave(Collector collector) {
        if (sitting == collector) {
            sitting = null;
        }
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
