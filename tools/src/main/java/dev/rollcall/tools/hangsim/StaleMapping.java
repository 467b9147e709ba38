package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.RollcallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Cuts this process off from a file it has mapped, without its knowing: at the same addresses there is now a copy of its
 * own. It reads what was there and nothing newer, and nobody sees what it writes. The thread that uses the file.
 */
final class StaleMapping {
    private static final int HEXADECIMAL = 16;

    private StaleMapping() {
    }

    static void cutOff(Path file) {
        int cut = 0;
        for (String line : maps()) {
            if (line.endsWith(" " + file)) {
                String[] range = line.substring(0, line.indexOf(' ')).split("-", -1);
                long from = Long.parseUnsignedLong(range[0], HEXADECIMAL);
                replace(from, Long.parseUnsignedLong(range[1], HEXADECIMAL) - from);
                cut++;
            }
        }
        if (cut == 0) {
            throw new RollcallException("not mapped here: path=" + file);
        }
    }

    private static void replace(long address, long bytes) {
        MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(bytes);
        byte[] copy = memory.toArray(ValueLayout.JAVA_BYTE);
        NativeCalls.replaceByPrivateMemory(address, bytes);
        MemorySegment.copy(copy, 0, memory, ValueLayout.JAVA_BYTE, 0, copy.length);
    }

    private static List<String> maps() {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read own mappings", e);
        }
    }
}
