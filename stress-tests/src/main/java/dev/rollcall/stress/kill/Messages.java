package dev.rollcall.stress.kill;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Messages that are filled with their own number, so that a lost, doubled or torn one shows. */
final class Messages {
    /** How many a writer writes. */
    static final int COUNT = 80;
    static final int TYPE = 5;
    static final long RING_BYTES = 4096;
    static final long LONGEST = 1 << 16;
    private static final int FRAGMENTED = 9_000;
    private static final int STEP = 40;
    /** The first that is longer than the ring. */
    static final int FIRST_FRAGMENTED = STEP / 2;

    private Messages() {
    }

    /** Some are longer than the ring. */
    static MemorySegment message(long number) {
        int bytes = number % STEP == FIRST_FRAGMENTED ? FRAGMENTED : 16 + (int) (number * 56 % 480);
        MemorySegment message = MemorySegment.ofArray(new long[bytes / Long.BYTES]);
        for (long at = 0; at < message.byteSize(); at += Long.BYTES) {
            message.set(ValueLayout.JAVA_LONG_UNALIGNED, at, number);
        }
        return message;
    }

    /** Throws unless it is this very message. */
    static void check(long number, MemorySegment buffer, long offset, long length) {
        MemorySegment expected = message(number);
        long differs = MemorySegment.mismatch(expected, 0, expected.byteSize(), buffer, offset, offset + length);
        if (differs >= 0) {
            throw new IllegalStateException("not the message that comes next: expected=" + number + " length=" + length
                    + " differsAt=" + differs);
        }
    }
}
