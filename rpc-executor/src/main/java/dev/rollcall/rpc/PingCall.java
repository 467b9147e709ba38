package dev.rollcall.rpc;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

/**
 * A round trip whose caller waits for it. It is told on the thread that decides the call, for the caller may well be on
 * the completion executor: a listener that wants to know how the group is.
 */
final class PingCall extends PendingCall {

    /** After that it is not the ranks that are late. */
    private static final long GRACE_NANOS = 1_000_000_000;

    private final BitSet replied = new BitSet();
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile @Nullable Throwable error;

    PingCall(MethodCalls calls, long timeoutNanos, int workers) {
        super(calls, CallOptions.allRanks(), MethodOptions.defaults(), CallLayout.PING, timeoutNanos, workers);
    }

    @Override
    boolean hasReply(int rank) {
        return replied.get(rank);
    }

    @Override
    void keepReply(int rank, MemorySegment buffer, long offset, long length) {
        replied.set(rank);
    }

    @Override
    void dropReplies() {
        replied.clear();
    }

    @Override
    Object success() {
        return replied;
    }

    @Override
    void decided(Object how) {
        error = how instanceof Throwable why ? why : null;
        decided.countDown();
    }

    @Override
    void complete(Object how) {
        // nobody else waits for it
    }

    /**
     * What it ended with, null for all replies. When time is up it ends here, and when the caller is interrupted, who
     * stays so.
     */
    @Nullable
    Throwable await() {
        try {
            if (!decided.await(Math.clamp(remainingNanos(), 0, Long.MAX_VALUE - GRACE_NANOS) + GRACE_NANOS,
                    NANOSECONDS)) {
                end("nobody has ended the call in time: the collector does not turn " + this);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end("interrupted " + this);
        }
        return decided.getCount() == 0 ? error : new CancellationException("being ended by others " + this);
    }

    private void end(String why) {
        boolean _ = CallRegistry.endAnywhere(this, new CancellationException(why));
    }

    /** Any thread. */
    @Override
    public boolean cancel() {
        return CallRegistry.endAnywhere(this, new CancellationException("cancelled by its caller " + this));
    }
}
