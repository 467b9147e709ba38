package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Frames in words, for people who look for an error: each field of the header with its bytes, then as many bytes of the
 * payload as are asked for. Payloads may be confidential, so by default none is. Any thread; never throws for bytes that
 * are no frame.
 */
public final class FrameDump {

    private static final int LINE = 16;

    private final StringBuilder text = new StringBuilder();
    private final MemorySegment memory;
    private final long base;
    private final long length;

    private FrameDump(MemorySegment memory, long offset, long length) {
        this.memory = memory;
        this.base = offset;
        this.length = Math.max(0, Math.min(length, memory.byteSize() - offset));
    }

    /**
     * A frame of the request ring.
     *
     * @param memory       holds it
     * @param offset       where its payload begins, in bytes
     * @param length       of its payload
     * @param payloadBytes how many bytes of the arguments to show at most
     * @return lines of offset, bytes and meaning
     */
    public static String request(MemorySegment memory, long offset, long length, int payloadBytes) {
        FrameDump dump = new FrameDump(memory, offset, length);
        dump.field(0, 8, "call id");
        dump.field(8, 8, "deadline, ns");
        dump.field(16, 8, "budget, ns");
        dump.field(24, 8, "expected, ns");
        dump.field(32, 4, "method id");
        dump.field(36, 4, "cost class id");
        dump.field(40, 4, "reply rank");
        dump.field(44, 4, "flags");
        dump.field(48, 4, "bytes of trace context");
        dump.field(52, 4, "layout version");
        int trace = dump.length < CallLayout.REQUEST_HEADER ? 0 : CallLayout.traceLength(memory, offset);
        if (trace < 0 || trace > CallLayout.MAX_TRACE) {
            return dump.text.append("        | trace context of no possible length\n").toString();
        }
        dump.bytes(CallLayout.REQUEST_HEADER, trace, "trace context");
        dump.payload(CallLayout.requestHeader(trace), payloadBytes, "arguments");
        return dump.text.toString();
    }

    /**
     * A frame of a reply ring.
     *
     * @param memory       holds it
     * @param offset       where its payload begins, in bytes
     * @param length       of its payload
     * @param payloadBytes how many bytes of the result to show at most
     * @return lines of offset, bytes and meaning
     */
    public static String reply(MemorySegment memory, long offset, long length, int payloadBytes) {
        FrameDump dump = new FrameDump(memory, offset, length);
        dump.field(0, 8, "call id");
        dump.field(8, 4, "rank");
        dump.field(12, 4, "flags");
        dump.payload(CallLayout.REPLY_HEADER, payloadBytes, "result");
        return dump.text.toString();
    }

    private void field(int at, int bytes, String meaning) {
        if (at + bytes > length) {
            bytes(at, (int) Math.max(0, length - at), meaning + " (cut short)");
            return;
        }
        long value = bytes == 8
                ? memory.get(ValueLayout.JAVA_LONG_UNALIGNED, base + at)
                : memory.get(ValueLayout.JAVA_INT_UNALIGNED, base + at);
        line(at, bytes, meaning + " = " + value);
    }

    private void payload(int at, int shown, String meaning) {
        long there = Math.max(0, length - at);
        text.append(String.format("%06x  | %s, %d bytes%n", at, meaning, there));
        bytes(at, (int) Math.min(there, shown), "");
    }

    private void bytes(int at, int count, String meaning) {
        for (int done = 0; done < count && at + done < length; done += LINE) {
            line(at + done, (int) Math.min(LINE, Math.min(count - done, length - at - done)), meaning);
        }
    }

    private void line(int at, int count, String meaning) {
        StringBuilder hex = new StringBuilder();
        StringBuilder characters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            byte value = memory.get(ValueLayout.JAVA_BYTE, base + at + i);
            hex.append(String.format("%02x ", value));
            characters.append(value >= ' ' && value < 127 ? (char) value : '.');
        }
        text.append(String.format("%06x  %-48s| %s%n", at, hex, meaning.isEmpty() ? characters : meaning));
    }
}
