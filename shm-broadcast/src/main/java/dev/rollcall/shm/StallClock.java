package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;

/** Since when each reader has stood still, as far as a waiting writer has looked. The writer's thread. */
final class StallClock {
    private final long[] positions;
    private final long[] since;

    StallClock(int slots) {
        this.positions = new long[slots];
        this.since = new long[slots];
        java.util.Arrays.fill(positions, -1);
    }

    void look(MemorySegment m, long now) {
        for (int i = 0; i < positions.length; i++) {
            long position = Words.longAcquire(m, RingLayout.slot(i) + RingLayout.SLOT_POSITION);
            if (position != positions[i]) {
                positions[i] = position;
                since[i] = now;
            }
        }
    }

    long stillNanos(int slot, long now) {
        return now - since[slot];
    }
}
