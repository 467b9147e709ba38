package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The header of a fragment. The writer's thread, into claimed space. */
final class Fragments {
    private Fragments() {
    }

    static void header(MemorySegment m, long at, long id, long total, int index) {
        m.set(ValueLayout.JAVA_LONG, at + RingLayout.FRAGMENT_ID, id);
        m.set(ValueLayout.JAVA_LONG, at + RingLayout.FRAGMENT_TOTAL, total);
        m.set(ValueLayout.JAVA_INT, at + RingLayout.FRAGMENT_INDEX, index);
        m.set(ValueLayout.JAVA_INT, at + RingLayout.FRAGMENT_INDEX + 4, 0);
    }
}
