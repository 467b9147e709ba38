package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

/**
 * Takes the replies of a call in place, instead of a future: nothing is allocated for their bytes. Called on the group's
 * completion executor, by one thread at a time per call; an exception out of it is logged.
 */
public interface ReplyHandler {

    /**
     * One rank's reply to a call that succeeded; ranks come in ascending order, those not asked are left out.
     *
     * @param rank   who replied
     * @param buffer holds the bytes; valid until this method returns
     * @param offset of the first
     * @param length how many
     */
    void onReply(int rank, MemorySegment buffer, long offset, long length);

    /**
     * The call has ended: once per call, after its replies if it has any.
     *
     * @param error null when it succeeded; else as the future of {@link CollectiveExecutor#call} fails
     */
    void onEnd(@Nullable Throwable error);
}
