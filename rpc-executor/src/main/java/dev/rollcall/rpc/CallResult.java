package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

/** The replies to one call, by rank. Immutable, any thread; the bytes are copies on the heap. */
public final class CallResult {

    private final long callId;
    private final @Nullable MemorySegment[] replies;

    /** The array is not copied. */
    CallResult(long callId, @Nullable MemorySegment[] replies) {
        this.callId = callId;
        this.replies = replies;
    }

    /**
     * Which call.
     *
     * @return its number, 1 for a group's first
     */
    public long callId() {
        return callId;
    }

    /**
     * How many ranks the group has.
     *
     * @return at least 1
     */
    public int workers() {
        return replies.length;
    }

    /**
     * Whether this rank was asked to reply.
     *
     * @param rank 0 to workers - 1
     * @return true when {@link #reply(int)} has its bytes
     */
    public boolean has(int rank) {
        return replies[rank] != null;
    }

    /**
     * What a rank replied.
     *
     * @param rank a rank that was asked
     * @return its bytes, read-only, backed by a {@code byte[]}; empty for {@link Worker#NOTHING}
     * @throws IllegalArgumentException when this rank was not asked to reply
     */
    public MemorySegment reply(int rank) {
        MemorySegment reply = replies[rank];
        if (reply == null) {
            throw new IllegalArgumentException("not asked to reply rank=" + rank + " call=" + callId);
        }
        return reply.asReadOnly();
    }
}
