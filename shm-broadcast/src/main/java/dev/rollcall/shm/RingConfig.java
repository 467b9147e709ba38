package dev.rollcall.shm;

import dev.rollcall.shm.os.Linux;

/**
 * The shape of a ring, fixed when its file is created.
 *
 * @param capacity    bytes of the data area: a power of two, a multiple of the page size, at most 1 GiB
 * @param readerSlots how many readers there can be, 1 to 64
 * @param wakeups     whether commits and reads wake sleepers of this ring: one full fence per commit and per poll. Without,
 *                    readers and writer must poll, or be woken by a doorbell of their own
 */
public record RingConfig(long capacity, int readerSlots, boolean wakeups) {
    private static final long MAX_CAPACITY = 1L << 30;

    /** Checks the shape. */
    public RingConfig {
        if (Long.bitCount(capacity) != 1 || capacity < Linux.pageSize() || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity must be a power of two between the page size and 1 GiB: capacity="
                            + capacity + " pageSize=" + Linux.pageSize());
        }
        if (readerSlots < 1 || readerSlots > RingLayout.MAX_READERS) {
            throw new IllegalArgumentException(
                    "readerSlots must be 1 to " + RingLayout.MAX_READERS + ": readerSlots=" + readerSlots);
        }
    }

    /**
     * A ring whose sleepers are woken.
     *
     * @param capacity    bytes of the data area
     * @param readerSlots how many readers there can be
     * @return the shape
     */
    public static RingConfig of(long capacity, int readerSlots) {
        return new RingConfig(capacity, readerSlots, true);
    }
}
