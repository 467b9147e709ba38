package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a checked header says, read once. */
record RingShape(long data, long capacity, int slots, int flags, long maxMessage) {
    static RingShape of(MemorySegment m) {
        return new RingShape(
                m.get(ValueLayout.JAVA_LONG, RingLayout.DATA_AT),
                m.get(ValueLayout.JAVA_LONG, RingLayout.CAPACITY_AT),
                m.get(ValueLayout.JAVA_INT, RingLayout.SLOTS_AT),
                m.get(ValueLayout.JAVA_INT, RingLayout.FLAGS_AT),
                m.get(ValueLayout.JAVA_LONG, RingLayout.MAX_MESSAGE_AT));
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The longest payload of one frame: the frame and the next header must fit. */
    int maxPayload() {
        return (int) capacity - 2 * RingLayout.HEADER_BYTES;
    }

    /** A quarter of the ring per fragment, so that writer and readers work at the same time. */
    int maxFragment() {
        return (int) capacity / 4 - RingLayout.HEADER_BYTES - RingLayout.FRAGMENT_BYTES;
    }

    /** The length of the frame that begins so, given how many bytes may follow: nothing read from a ring is trusted. */
    int frameLength(long header, long at, long room) {
        int length = RingLayout.frameLength(header);
        if (length < RingLayout.HEADER_BYTES || length > room) {
            throw new IncompatibleSegmentException(
                    "ring holds no frame here: position=" + at + " frameLength=" + length + " room=" + room
                            + " capacity="
                            + capacity);
        }
        return length;
    }
}
