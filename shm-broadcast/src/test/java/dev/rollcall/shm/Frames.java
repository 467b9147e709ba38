package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Frames in and out, as tests like them. */
final class Frames {
    static final long SECOND = 1_000_000_000L;
    static final int PAGE = 4096;

    private Frames() {
    }

    static MemorySegment text(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    }

    static long offer(RingWriter writer, String text) {
        MemorySegment bytes = text(text);
        return writer.offer(1, bytes, 0, bytes.byteSize());
    }

    static void write(RingWriter writer, String text) {
        MemorySegment bytes = text(text);
        writer.write(1, bytes, 0, bytes.byteSize(), SECOND);
    }

    static void write(RingWriter writer, byte[] bytes) {
        writer.write(1, MemorySegment.ofArray(bytes), 0, bytes.length, 10 * SECOND);
    }

    static String string(MemorySegment buffer, long offset, long length) {
        return new String(bytes(buffer, offset, length), StandardCharsets.UTF_8);
    }

    static byte[] bytes(MemorySegment buffer, long offset, long length) {
        return buffer.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** All that is there now. */
    static List<String> drain(RingReader reader) {
        List<String> seen = new ArrayList<>();
        int frames =
                reader.poll((_, buffer, offset, length) -> seen.add(string(buffer, offset, length)), Integer.MAX_VALUE);
        if (frames != seen.size()) {
            throw new AssertionError("poll said frames=" + frames + " but handed out " + seen.size());
        }
        return seen;
    }

    /** The next message, whatever its size; waits for it. */
    static byte[] take(RingReader reader) {
        byte[][] taken = new byte[1][];
        long start = System.nanoTime();
        while (reader.poll((_, buffer, offset, length) -> taken[0] = bytes(buffer, offset, length), 1) == 0) {
            boolean there = reader.await(SECOND);
            if (!there && System.nanoTime() - start > 20 * SECOND) {
                throw new AssertionError("no message within 20 s: position=" + reader.position());
            }
        }
        return taken[0];
    }

    /** Bytes that say where they are and of which message, so that any mix-up shows. */
    static byte[] pattern(long seed, int length) {
        byte[] bytes = new byte[length];
        random(seed).nextBytes(bytes);
        return bytes;
    }

    static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("SplittableRandom").create(seed);
    }

    /** Leaves exactly this much room for frames, headers included. */
    static void fillUpTo(RingWriter writer, int capacity, int leave) {
        int payload = capacity - 8 - leave - 8;
        long at = writer.tryClaim(payload);
        if (at < 0) {
            throw new AssertionError("ring was not empty: code=" + at);
        }
        writer.commit(0);
    }
}
