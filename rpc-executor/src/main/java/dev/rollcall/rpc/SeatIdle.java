package dev.rollcall.rpc;

import org.agrona.concurrent.IdleStrategy;

import dev.rollcall.shm.WaitStrategy;

/** Idles where the collector of the current epoch does. The embedder's loop only. */
record SeatIdle(CollectorSeat seat, WaitStrategy waiting) implements IdleStrategy {

    @Override
    public void idle(int workCount) {
        if (workCount <= 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        seat.idle(waiting);
    }

    @Override
    public void reset() {
        // nothing is kept between two waits
    }
}
