package dev.rollcall.rpc;

import java.util.function.BooleanSupplier;

import org.agrona.concurrent.IdleStrategy;

import dev.rollcall.shm.WaitCell;

/**
 * Lets an idle collector sleep until a rank, the watchdog or a caller rings, or until its next timer. Collector only.
 */
final class DoorbellIdle implements IdleStrategy {

    private final Collector collector;
    private final BooleanSupplier hasWork;
    private final WaitCell doorbell;

    DoorbellIdle(Collector collector, WaitCell doorbell) {
        this.collector = collector;
        this.hasWork = collector::hasWork;
        this.doorbell = doorbell;
    }

    @Override
    public void idle(int workCount) {
        if (workCount <= 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        doorbell.await(hasWork, collector.idleNanos());
    }

    @Override
    public void reset() {
        // nothing is kept between two sleeps
    }
}
