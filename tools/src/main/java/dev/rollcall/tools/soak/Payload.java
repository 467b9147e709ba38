package dev.rollcall.tools.soak;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What is sent: the call's number, and bytes that follow from it. What comes back: the same, and the rank. A reply to
 * another call, of another rank, or with a byte of another shows. Any thread.
 */
final class Payload {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int MIX = 31;

    private Payload() {
    }

    static MemorySegment request(long number, int extra) {
        byte[] bytes = new byte[Long.BYTES + extra];
        MemorySegment request = MemorySegment.ofArray(bytes);
        request.set(LONG, 0, number);
        for (int at = Long.BYTES; at < bytes.length; at++) {
            bytes[at] = expected(number, at);
        }
        return request;
    }

    static long number(MemorySegment request) {
        return request.get(LONG, 0);
    }

    static MemorySegment reply(MemorySegment request, int rank) {
        byte[] bytes = new byte[(int) request.byteSize() + 1];
        MemorySegment reply = MemorySegment.ofArray(bytes).copyFrom(request);
        bytes[bytes.length - 1] = (byte) rank;
        return reply;
    }

    static boolean isReply(MemorySegment buffer, long offset, long length, long number, int extra, int rank) {
        if (length != Long.BYTES + extra + 1 || buffer.get(LONG, offset) != number
                || buffer.get(ValueLayout.JAVA_BYTE, offset + length - 1) != (byte) rank) {
            return false;
        }
        for (int at = Long.BYTES; at < Long.BYTES + extra; at++) {
            if (buffer.get(ValueLayout.JAVA_BYTE, offset + at) != expected(number, at)) {
                return false;
            }
        }
        return true;
    }

    private static byte expected(long number, int at) {
        return (byte) (number * MIX + at);
    }
}
