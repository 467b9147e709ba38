package dev.rollcall.shm.testing;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Makes files wrong that nobody has open. Any thread. */
public final class Change {
    private Change() {
    }

    /** The whole file, as it is to be. */
    public static void of(Path file, Consumer<MemorySegment> change) throws IOException {
        byte[] all = Files.readAllBytes(file);
        change.accept(MemorySegment.ofArray(all));
        Files.write(file, all);
    }

    /** One word of 4 or 8 bytes; the value as {@link Long#decode} takes it. */
    public static void word(Path file, long at, int width, String value) throws IOException {
        of(file, m -> {
            if (width == Integer.BYTES) {
                m.set(ValueLayout.JAVA_INT_UNALIGNED, at, Long.decode(value).intValue());
            } else {
                m.set(ValueLayout.JAVA_LONG_UNALIGNED, at, Long.decode(value));
            }
        });
    }
}
