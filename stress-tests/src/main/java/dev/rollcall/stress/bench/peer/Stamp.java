package dev.rollcall.stress.bench.peer;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A sequence number in a message's first 8 bytes and its complement in the last 8: what the checks look at. */
final class Stamp {
    /** The measured time, or the warm-up, is over: report and begin anew. */
    static final long END = -1;

    /** Everything is over. */
    static final long EXIT = -2;

    private Stamp() {
    }

    static UnsafeBuffer message(int length) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 128));
    }

    static void put(UnsafeBuffer message, int length, long number) {
        message.putLong(0, number);
        message.putLong(length - Long.BYTES, ~number);
    }

    static boolean isWhole(DirectBuffer buffer, int offset, int length, long number) {
        return buffer.getLong(offset) == number && buffer.getLong(offset + length - Long.BYTES) == ~number;
    }
}
