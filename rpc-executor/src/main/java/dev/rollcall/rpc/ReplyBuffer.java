package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/** The replies to one call, back to back. One thread at a time: the collector, then the completion executor. */
final class ReplyBuffer {

    private static final int FIRST_BYTES = 4096;
    /** A buffer grown beyond this is not kept. */
    private static final int MAX_KEPT_BYTES = 4 << 20;
    private static final int MAX_KEPT = 32;

    private final long[] offsets;
    private final long[] lengths;
    private MemorySegment bytes = MemorySegment.ofArray(new byte[FIRST_BYTES]);
    private long used;

    private ReplyBuffer(int workers) {
        this.offsets = new long[workers];
        this.lengths = new long[workers];
        clear();
    }

    private void clear() {
        Arrays.fill(lengths, -1);
        used = 0;
    }

    boolean has(int rank) {
        return lengths[rank] >= 0;
    }

    void add(int rank, MemorySegment from, long offset, long length) {
        if (used + length > bytes.byteSize()) {
            int bigger =
                    Math.toIntExact(Math.max(used + length, Math.min(2 * bytes.byteSize(), Integer.MAX_VALUE - 8)));
            MemorySegment grown = MemorySegment.ofArray(new byte[bigger]);
            MemorySegment.copy(bytes, 0, grown, 0, used);
            bytes = grown;
        }
        MemorySegment.copy(from, offset, bytes, used, length);
        offsets[rank] = used;
        lengths[rank] = length;
        used += length;
    }

    void forEach(ReplyHandler handler) {
        for (int rank = 0; rank < lengths.length; rank++) {
            if (has(rank)) {
                handler.onReply(rank, bytes, offsets[rank], lengths[rank]);
            }
        }
    }

    /** Buffers to be used again. Any thread. */
    static final class Pool {

        private final int workers;
        // guarded by this
        private final Deque<ReplyBuffer> free = new ArrayDeque<>();

        Pool(int workers) {
            this.workers = workers;
        }

        ReplyBuffer take() {
            ReplyBuffer buffer = poll();
            return buffer == null ? new ReplyBuffer(workers) : buffer;
        }

        private synchronized @Nullable ReplyBuffer poll() {
            return free.pollLast();
        }

        synchronized void give(ReplyBuffer buffer) {
            if (free.size() < MAX_KEPT && buffer.bytes.byteSize() <= MAX_KEPT_BYTES) {
                buffer.clear();
                free.addLast(buffer);
            }
        }
    }
}
