package dev.rollcall.shm;

import dev.rollcall.shm.os.MappedFile;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

/** How far the writer may write, and its waiting for more. The writer's thread; see {@link RingWriter} for the protocol. */
final class SpaceSearch {
    private static final long PATIENCE_NANOS = 100_000_000;

    private final MemorySegment memory;
    private final ReaderSlots readers;
    private final StallClock stalls;
    private final CloseGuard guard;
    private final Waiter waiter;
    private final BooleanSupplier hasSpace = this::hasSpace;
    private final long capacity;
    private final boolean followers;
    private long limit;
    private long wanted;
    private long tail;

    SpaceSearch(MappedFile file, RingShape shape, ReaderSlots readers, CloseGuard guard, Waiter waiter) {
        this.memory = file.memory();
        this.readers = readers;
        this.stalls = new StallClock(shape.slots());
        this.guard = guard;
        this.waiter = waiter;
        this.capacity = shape.capacity();
        this.followers = shape.has(RingLayout.FLAG_FOLLOWERS);
        this.limit = followers ? 0 : capacity;
    }

    /** Up to where nobody need be asked. */
    long limit() {
        return limit;
    }

    /** Whether the writer, now at that tail, may write up to {@code needed}; false when closed, too. */
    boolean find(long needed, long at) {
        wanted = needed;
        tail = at;
        boolean staying = guard.isInside();
        if (!staying && !guard.enter()) {
            return false;
        }
        try {
            return find();
        } finally {
            if (!staying) {
                guard.exit();
            }
        }
    }

    private boolean find() {
        VarHandle.fullFence();
        long free = readers.slowest(tail) + capacity;
        if (!followers) {
            limit = free;
        } else if (wanted <= free) {
            limit = Math.min(free, Math.max(wanted, tail + capacity / 16));
            Words.longOpaque(memory, RingLayout.CLAIM_LIMIT, limit);
            VarHandle.releaseFence();
        }
        return wanted <= free;
    }

    /** While the memory stays for the wait. */
    private boolean hasSpace() {
        return guard.isClosed() || find();
    }

    /**
     * Waits for what was not found, in slices, because a reader that has died wakes nobody. The memory stays meanwhile.
     *
     * @throws RingFullException when the time since {@code start} is up
     */
    void await(long start, long timeoutNanos) {
        long now = System.nanoTime();
        stalls.look(memory, now);
        long left = Math.max(0, timeoutNanos) - (now - start);
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
            throw new RingFullException(wanted - tail, now - start, readers.holders(),
                    lag -> stalls.stillNanos(lag.slot(), now));
        }
        if (!waiter.await(hasSpace, Math.min(left, PATIENCE_NANOS)) && !guard.isClosed()) {
            readers.evictDead();
        }
    }
}
