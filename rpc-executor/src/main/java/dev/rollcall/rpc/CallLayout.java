package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Payloads of the request and reply rings. No other class knows an offset. All numbers are little-endian.
 *
 * <p>Request, frame type {@link #CALL}, one frame for all ranks:
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  0                          call id                              |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  8       deadline, CLOCK_MONOTONIC ns of the driver (all ones of |
 *  |       a positive long: none)                                  |
 *  +---------------------------------------------------------------+
 * 16       budget: ns from the frame's writing to the deadline     |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 * 24       expected duration, ns; 0 = undeclared                   |
 *  |                                                               |
 *  +-------------------------------+-------------------------------+
 * 32  method id (board's names)    | 36  cost class id, 0 = none   |
 *  +-------------------------------+-------------------------------+
 * 40  reply rank, -1 = all         | 44  flags                     |
 *  +-------------------------------+-------------------------------+
 * 48  bytes of trace context       | 52  version of this layout    |
 *  +-------------------------------+-------------------------------+
 * 56  trace context, ASCII: traceparent, line feed, tracestate     |
 *  +---------------------------------------------------------------+
 * 56 + trace context, rounded up to 8: arguments ...
 *
 * flags: 1 a handler's exception takes the group down, 2 a ping: the loop answers it itself
 * </pre>
 *
 * <p>Reply, frame type {@link #REPLY} or {@link #ERROR}:
 * <pre>
 *  +---------------------------------------------------------------+
 *  0       call id; 0 in an ERROR: the rank could not start        |
 *  |                                                               |
 *  +-------------------------------+-------------------------------+
 *  8  rank                         | 12  flags, 0                  |
 *  +-------------------------------+-------------------------------+
 * 16  REPLY: the result ...
 *     ERROR: three texts, each a 32-bit byte count and UTF-8: exception type, message, stack
 * </pre>
 *
 * <p>The deadline is one absolute instant, so time spent waiting in the ring counts; who may read it, and what the
 * budget is for, is said in {@link SharedClock}.
 */
final class CallLayout {

    static final int CALL = 1;
    static final int REPLY = 2;
    static final int ERROR = 3;

    static final int REQUEST_HEADER = 56;
    static final int REPLY_HEADER = 16;
    /** {@link #deadline} of a call without one. */
    static final long NO_DEADLINE = Long.MAX_VALUE;
    /** What {@link #version} must say. */
    static final int VERSION = 1;
    /** Request: the caller declared that an exception in this method takes the group down. */
    static final int FATAL_ERRORS = 1;
    /** Request: asks the loop, not the handler. */
    static final int PING = 2;
    /** Error: the rank that says this ends now. */
    static final int FATAL = 1;
    /** A longer trace context is refused. */
    static final int MAX_TRACE = 1024;
    /** A longer stack or message is cut: an error reply must fit any ring. */
    static final int MAX_TEXT = 12_000;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long CALL_ID = 0;
    private static final long DEADLINE = 8;
    private static final long BUDGET = 16;
    private static final long EXPECTED = 24;
    private static final long METHOD = 32;
    private static final long COST_CLASS = 36;
    private static final long REPLY_RANK = 40;
    private static final long REQUEST_FLAGS = 44;
    private static final long TRACE_LENGTH = 48;
    private static final long REQUEST_VERSION = 52;
    private static final long RANK = 8;
    private static final long REPLY_FLAGS = 12;

    private CallLayout() {
    }

    static void request(MemorySegment to, long at, long callId, long deadline, long budget, long expected, int method,
            int costClass, int replyRank, int flags) {
        to.set(LONG, at + CALL_ID, callId);
        to.set(LONG, at + DEADLINE, deadline);
        to.set(LONG, at + BUDGET, budget);
        to.set(LONG, at + EXPECTED, expected);
        to.set(INT, at + METHOD, method);
        to.set(INT, at + COST_CLASS, costClass);
        to.set(INT, at + REPLY_RANK, replyRank);
        to.set(INT, at + REQUEST_FLAGS, flags);
        to.set(INT, at + TRACE_LENGTH, 0);
        to.set(INT, at + REQUEST_VERSION, VERSION);
    }

    /** After {@link #request}. */
    static void trace(MemorySegment to, long at, byte[] trace) {
        to.set(INT, at + TRACE_LENGTH, trace.length);
        MemorySegment.copy(trace, 0, to, ValueLayout.JAVA_BYTE, at + REQUEST_HEADER, trace.length);
    }

    /** What stands before the arguments. */
    static int requestHeader(int traceLength) {
        return REQUEST_HEADER + ((traceLength + 7) & ~7);
    }

    static void reply(MemorySegment to, long at, long callId, int rank, int flags) {
        to.set(LONG, at + CALL_ID, callId);
        to.set(INT, at + RANK, rank);
        to.set(INT, at + REPLY_FLAGS, flags);
    }

    static long callId(MemorySegment from, long at) {
        return from.get(LONG, at + CALL_ID);
    }

    static long deadline(MemorySegment from, long at) {
        return from.get(LONG, at + DEADLINE);
    }

    static long budget(MemorySegment from, long at) {
        return from.get(LONG, at + BUDGET);
    }

    static long expected(MemorySegment from, long at) {
        return from.get(LONG, at + EXPECTED);
    }

    static int method(MemorySegment from, long at) {
        return from.get(INT, at + METHOD);
    }

    static int costClass(MemorySegment from, long at) {
        return from.get(INT, at + COST_CLASS);
    }

    static int replyRank(MemorySegment from, long at) {
        return from.get(INT, at + REPLY_RANK);
    }

    static int requestFlags(MemorySegment from, long at) {
        return from.get(INT, at + REQUEST_FLAGS);
    }

    static int version(MemorySegment from, long at) {
        return from.get(INT, at + REQUEST_VERSION);
    }

    static int traceLength(MemorySegment from, long at) {
        return from.get(INT, at + TRACE_LENGTH);
    }

    static String trace(MemorySegment from, long at) {
        byte[] text = new byte[traceLength(from, at)];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at + REQUEST_HEADER, text, 0, text.length);
        return new String(text, StandardCharsets.US_ASCII);
    }

    static int rank(MemorySegment from, long at) {
        return from.get(INT, at + RANK);
    }

    static int replyFlags(MemorySegment from, long at) {
        return from.get(INT, at + REPLY_FLAGS);
    }

    /** A whole ERROR payload. */
    static MemorySegment error(long callId, int rank, int flags, String type, String message, String stack) {
        byte[][] texts = {utf8(type), utf8(message), utf8(stack)};
        long length = REPLY_HEADER + 3L * Integer.BYTES;
        for (byte[] text : texts) {
            length += text.length;
        }
        MemorySegment payload = MemorySegment.ofArray(new byte[Math.toIntExact(length)]);
        reply(payload, 0, callId, rank, flags);
        long at = REPLY_HEADER;
        for (byte[] text : texts) {
            payload.set(INT, at, text.length);
            MemorySegment.copy(text, 0, payload, ValueLayout.JAVA_BYTE, at + Integer.BYTES, text.length);
            at += Integer.BYTES + text.length;
        }
        return payload;
    }

    /** Type, message and stack of an ERROR payload, or null when the bytes are none. */
    static String @Nullable [] errorTexts(MemorySegment from, long at, long length) {
        String[] texts = new String[3];
        long end = at + length;
        long next = at + REPLY_HEADER;
        for (int i = 0; i < texts.length; i++) {
            int bytes = next + Integer.BYTES <= end ? from.get(INT, next) : -1;
            next += Integer.BYTES;
            if (bytes < 0 || next + bytes > end) {
                return null;
            }
            byte[] text = new byte[bytes];
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, next, text, 0, bytes);
            texts[i] = new String(text, StandardCharsets.UTF_8);
            next += bytes;
        }
        return texts;
    }

    /** Cut at a character's boundary. */
    private static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_TEXT) {
            return bytes;
        }
        int end = MAX_TEXT;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}
