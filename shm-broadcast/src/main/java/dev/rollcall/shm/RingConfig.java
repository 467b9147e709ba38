package dev.rollcall.shm;

import dev.rollcall.shm.os.Linux;

/**
 * The shape of a ring, fixed when its file is created; all who open it follow it.
 *
 * @param capacity    bytes of the data area: a power of two, a multiple of the page size, at most 1 GiB
 * @param readerSlots how many readers there can be, 1 to 64
 * @param wakeups     whether commits and reads wake sleepers of this ring: one full fence per poll, and per commit until
 *                    64 in a row found nobody asleep. Without, readers and writer must poll, or be woken by a doorbell of
 *                    their own
 * @param copyOut     whether handlers get a copy instead of the frame in place: one copy per frame and reader, and only
 *                    such a ring can take the slot of a living reader away ({@link RingWriter#evict})
 * @param followers   whether {@link RingFollower}s can read along: the writer scans its readers 16 times per lap
 * @param maxMessage  longest message, bytes; beyond a frame it travels in fragments, and each reader keeps a buffer as
 *                    long as the longest it has seen
 * @param prefault    whether every opener maps all pages at once: no page fault later, but opening takes about 0.1 ms
 *                    per MiB, and page tables are filled for pages never used
 * @param hugePages   whether the data area is laid out and asked for in 2 MiB pages: fewer TLB misses in rings well
 *                    beyond the caches, for up to 2 MiB more memory, a capacity of at least 2 MiB and a copy of the
 *                    pages at creation; silently small pages where the kernel has none to give
 */
public record RingConfig(
        long capacity,
        int readerSlots,
        boolean wakeups,
        boolean copyOut,
        boolean followers,
        long maxMessage,
        boolean prefault,
        boolean hugePages) {
    /** Longest message unless said otherwise. */
    public static final long DEFAULT_MAX_MESSAGE = 256L << 20;

    private static final long MAX_CAPACITY = 1L << 30;

    /** Checks the shape. */
    public RingConfig {
        long least = hugePages ? RingLayout.HUGE_PAGE : Linux.pageSize();
        if (Long.bitCount(capacity) != 1 || capacity < least || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity must be a power of two between the page size and 1 GiB: capacity="
                            + capacity + " pageSize=" + least);
        }
        if (readerSlots < 1 || readerSlots > RingLayout.MAX_READERS) {
            throw new IllegalArgumentException(
                    "readerSlots must be 1 to " + RingLayout.MAX_READERS + ": readerSlots=" + readerSlots);
        }
        if (maxMessage < 0 || maxMessage > RingLayout.MAX_MESSAGE) {
            throw new IllegalArgumentException(
                    "maxMessage must be 0 to " + RingLayout.MAX_MESSAGE + ": maxMessage=" + maxMessage);
        }
    }

    /**
     * A ring read in place, with nothing special about it.
     *
     * @param capacity    bytes of the data area
     * @param readerSlots how many readers there can be
     * @param wakeups     whether sleepers are woken
     */
    public RingConfig(long capacity, int readerSlots, boolean wakeups) {
        this(capacity, readerSlots, wakeups, false, false, DEFAULT_MAX_MESSAGE, false, false);
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

    /**
     * For everything that is not usual.
     *
     * @param capacity    bytes of the data area
     * @param readerSlots how many readers there can be
     * @return a builder
     */
    public static Builder builder(long capacity, int readerSlots) {
        return new Builder(capacity, readerSlots);
    }

    /** Sets what differs from {@link RingConfig#of}. One thread. */
    public static final class Builder {
        private final long capacity;
        private final int readerSlots;
        private boolean wakeups = true;
        private boolean copyOut;
        private boolean followers;
        private long maxMessage = DEFAULT_MAX_MESSAGE;
        private boolean prefault;
        private boolean hugePages;

        private Builder(long capacity, int readerSlots) {
            this.capacity = capacity;
            this.readerSlots = readerSlots;
        }

        /**
         * See {@link RingConfig#wakeups()}.
         *
         * @param wakeups default true
         * @return this
         */
        public Builder wakeups(boolean wakeups) {
            this.wakeups = wakeups;
            return this;
        }

        /**
         * See {@link RingConfig#copyOut()}.
         *
         * @param copyOut default false
         * @return this
         */
        public Builder copyOut(boolean copyOut) {
            this.copyOut = copyOut;
            return this;
        }

        /**
         * See {@link RingConfig#followers()}.
         *
         * @param followers default false
         * @return this
         */
        public Builder followers(boolean followers) {
            this.followers = followers;
            return this;
        }

        /**
         * See {@link RingConfig#maxMessage()}.
         *
         * @param bytes default {@link RingConfig#DEFAULT_MAX_MESSAGE}
         * @return this
         */
        public Builder maxMessage(long bytes) {
            this.maxMessage = bytes;
            return this;
        }

        /**
         * See {@link RingConfig#prefault()}.
         *
         * @param prefault default false
         * @return this
         */
        public Builder prefault(boolean prefault) {
            this.prefault = prefault;
            return this;
        }

        /**
         * See {@link RingConfig#hugePages()}.
         *
         * @param hugePages default false
         * @return this
         */
        public Builder hugePages(boolean hugePages) {
            this.hugePages = hugePages;
            return this;
        }

        /**
         * Checks and builds.
         *
         * @return the shape
         */
        public RingConfig build() {
            return new RingConfig(capacity, readerSlots, wakeups, copyOut, followers, maxMessage, prefault, hugePages);
        }
    }
}
