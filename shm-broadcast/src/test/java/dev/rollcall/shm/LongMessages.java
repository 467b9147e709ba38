package dev.rollcall.shm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Messages of which number and seed say all: how long, which bytes. Most are short, some fill the ring, none are empty but a few. */
final class LongMessages {
    private static final ValueLayout.OfLong NUMBER = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int MAX_TYPE = 0xff_ffff;
    private static final int SHORT = 200;
    private static final int MIDDLE = 2_000;
    /** Longer than a frame may be: these go in fragments. */
    private static final int LONG = 100_000;
    private static final int NOISE = 1 << 18;

    private final long seed;
    private final MemorySegment noise = Arena.ofAuto().allocate(NOISE);
    private final MemorySegment scratch = Arena.ofAuto().allocate(LONG);

    LongMessages(long seed) {
        this.seed = seed;
        MemorySegment.copy(MemorySegment.ofArray(Frames.pattern(seed, NOISE)), 0, noise, 0, NOISE);
    }

    /** Of 4096: 40 empty, 2 long, 200 middling, the others short. */
    private int length(long number) {
        long hash = hash(number);
        int rest = (int) (hash >>> 33);
        int kind = (int) (hash & 4095);
        if (kind < 40) {
            return 0;
        }
        return Long.BYTES + rest % (kind < 42 ? LONG - Long.BYTES : kind < 242 ? MIDDLE : SHORT);
    }

    private long noiseOffset(long number) {
        return (hash(number) >>> 12) % (NOISE - LONG);
    }

    /** SplittableRandom's mixer. */
    private long hash(long number) {
        long z = (number + 1) * 0x9e37_79b9_7f4a_7c15L + seed;
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }

    private void fill(MemorySegment to, long at, long number, int length) {
        if (length > 0) {
            to.set(NUMBER, at, number);
            MemorySegment.copy(noise, noiseOffset(number), to, at + Long.BYTES, length - Long.BYTES);
        }
    }

    /** By copy, in place, or in place after a claim that is given up. */
    void write(RingWriter writer, long number, int way, long timeoutNanos) {
        int type = (int) (number & MAX_TYPE);
        int length = length(number);
        if (way < 2 && length <= writer.maxPayload() && (way == 0 || abort(writer, length))) {
            long at = writer.tryClaim(length);
            if (at >= 0) {
                fill(writer.buffer(), at, number, length);
                writer.commit(type);
                return;
            }
        }
        fill(scratch, 0, number, length);
        writer.write(type, scratch, 0, length, timeoutNanos);
    }

    private static boolean abort(RingWriter writer, int length) {
        long at = writer.tryClaim(length);
        if (at >= 0) {
            writer.buffer().asSlice(at, length).fill((byte) -1);
            writer.abort();
        }
        return true;
    }

    Check check() {
        return new Check();
    }

    /** Throws at the first message that is not the next, or not whole. One reader's. */
    final class Check implements FrameHandler {
        private long next = -1;
        private long count;

        /** The number that comes next, -1 while unknown. */
        long next() {
            return next;
        }

        long count() {
            return count;
        }

        @Override
        public void onFrame(int type, MemorySegment buffer, long offset, long length) {
            long number = length == 0 ? next : buffer.get(NUMBER, offset);
            if (number < 0) {
                return; // an empty one, and the first that is seen
            }
            boolean right = (next < 0 || number == next) && type == (int) (number & MAX_TYPE)
                    && length == length(number);
            if (!right || !isWhole(number, buffer, offset, length)) {
                throw new AssertionError("seed=" + seed + " number=" + number + " expected=" + next + " type=" + type
                        + " length=" + length + " expectedLength=" + length(number) + " count=" + count);
            }
            next = number + 1;
            count++;
        }

        private boolean isWhole(long number, MemorySegment buffer, long offset, long length) {
            long at = noiseOffset(number);
            return length == 0 || MemorySegment.mismatch(buffer, offset + Long.BYTES, offset + length, noise, at,
                    at + length - Long.BYTES) < 0;
        }
    }
}
