package dev.rollcall.tools.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A sequence number in a message's first 8 bytes and its complement in the last 8: what the checks look at. */
final class Stamp {
    /** The warm-up, or the measured time, is over: report and begin anew. */
    static final long END = -1;

    /** Everything is over. */
    static final long EXIT = -2;

    private Stamp() {
    }

    static void put(MemorySegment message, long length, long sequence) {
        message.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, sequence);
        message.set(ValueLayout.JAVA_LONG_UNALIGNED, length - Long.BYTES, ~sequence);
    }

    static long get(MemorySegment buffer, long offset) {
        return buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    }

    static boolean isWhole(MemorySegment buffer, long offset, long length, long sequence) {
        return get(buffer, offset) == sequence && get(buffer, offset + length - Long.BYTES) == ~sequence;
    }
}
