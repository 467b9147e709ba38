package dev.rollcall.watchdog.probe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads numbers and words out of a {@code /proc} line in place, so that a tick makes no garbage of lines. One thread. */
final class ProcLine {
    private static final byte[] TRACER = "TracerPid:".getBytes(StandardCharsets.US_ASCII);
    /** Fields from the state to the user time; the system time follows it. */
    private static final int UTIME = 11;
    /** A pid and a command, which is 64 bytes at most, end before this. */
    private static final int MOST_NAME_END = 96;

    private ProcLine() {
    }

    /** Index of the state letter in a {@code stat} line: behind the command's closing parenthesis; -1 when cut short. */
    static int stateIndex(ByteBuffer line) {
        for (int i = Math.min(line.limit(), MOST_NAME_END) - 1; i >= 0; i--) {
            if (line.get(i) == ')') {
                return i + 2 < line.limit() ? i + 2 : -1;
            }
        }
        return -1;
    }

    /** User plus system time of a {@code stat} line. */
    static long cpuTicks(ByteBuffer line, int stateIndex) {
        int user = skipFields(line, stateIndex, UTIME);
        return number(line, user) + number(line, skipFields(line, user, 1));
    }

    /** Index of the nth field after the one that starts here. */
    static int skipFields(ByteBuffer line, int from, int fields) {
        int at = from;
        for (int left = fields; left > 0 && at < line.limit(); at++) {
            if (line.get(at) == ' ') {
                left--;
            }
        }
        return at;
    }

    /** The number that starts here, 0 when none does. */
    static long number(ByteBuffer line, int from) {
        long value = 0;
        for (int i = from; i < line.limit() && line.get(i) >= '0' && line.get(i) <= '9'; i++) {
            value = value * 10 + (line.get(i) - '0');
        }
        return value;
    }

    /** The tracer in a {@code status} text, -1 when it has no such line. */
    static int tracerPid(ByteBuffer status) {
        for (int i = 0; i + TRACER.length < status.limit(); i++) {
            if (status.get(i) == 'T' && startsWith(status, i, TRACER)) {
                int at = i + TRACER.length;
                while (at < status.limit() && (status.get(at) == '\t' || status.get(at) == ' ')) {
                    at++;
                }
                return (int) number(status, at);
            }
        }
        return -1;
    }

    /** The whole text without its line end. The last one is handed back when it still says the same. */
    static String text(ByteBuffer line, @Nullable String last) {
        int end = line.limit();
        while (end > 0 && line.get(end - 1) <= ' ') {
            end--;
        }
        if (last != null && last.length() == end && sameText(line, last)) {
            return last;
        }
        byte[] bytes = new byte[end];
        line.get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static boolean sameText(ByteBuffer line, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (line.get(i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWith(ByteBuffer text, int from, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (text.get(from + i) != word[i]) {
                return false;
            }
        }
        return true;
    }
}
