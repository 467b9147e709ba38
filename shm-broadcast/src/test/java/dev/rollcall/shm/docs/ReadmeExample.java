package dev.rollcall.shm.docs;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the README shows, compiled and run by its test. */
final class ReadmeExample {
    private ReadmeExample() {
    }

    // begin
    static final int PRICE = 1;
    static final int NEWS = 2;

    /** One process writes. */
    static void write(Path file, MemorySegment news) {
        try (RingWriter writer = RingWriter.create(file, RingConfig.of(1 << 20, 8))) { // 1 MiB, up to 8 readers
            writer.awaitReaders(1, TimeUnit.SECONDS.toNanos(10));
            long at = writer.tryClaim(16); // in place
            if (at >= 0) {
                writer.buffer().set(ValueLayout.JAVA_LONG, at, 4711);
                writer.buffer().set(ValueLayout.JAVA_DOUBLE, at + 8, 99.5);
                writer.commit(PRICE);
            }
            writer.write(NEWS, news, 0, news.byteSize(), TimeUnit.SECONDS.toNanos(1)); // any size, waits for space
        }
    }

    /** Others read, each in a slot of its own. */
    static int read(Path file, int slot) {
        int messages = 0;
        try (RingReader reader = RingReader.join(file, slot)) {
            while (messages < 2) {
                reader.await(TimeUnit.SECONDS.toNanos(1)); // sleeps; RingClosedException at the end
                messages += reader.poll((type, buffer, offset, length) -> {
                    switch (type) {
                        case PRICE -> System.out.println("price " + buffer.get(ValueLayout.JAVA_DOUBLE, offset + 8));
                        case NEWS -> System.out.println("news of " + length + " bytes");
                        default -> throw new IllegalArgumentException("type=" + type);
                    }
                }, 100);
            }
        }
        return messages;
    }
    // end
}
