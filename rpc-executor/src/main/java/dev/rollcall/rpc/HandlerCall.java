package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CancellationException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call whose replies go to a handler, through a buffer that is used again and again. */
final class HandlerCall extends PendingCall {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerCall.class);

    private final ReplyHandler handler;
    private final ReplyBuffer.Pool pool;
    private @Nullable ReplyBuffer replies;

    HandlerCall(MethodCalls calls, CallOptions options, MethodOptions policy, long timeoutNanos, int workers,
            ReplyHandler handler, ReplyBuffer.Pool pool) {
        super(calls, options, policy, policy.fatalErrors() ? CallLayout.FATAL_ERRORS : 0, timeoutNanos, workers);
        this.handler = handler;
        this.pool = pool;
    }

    @Override
    boolean hasReply(int rank) {
        return replies != null && replies.has(rank);
    }

    @Override
    void keepReply(int rank, MemorySegment buffer, long offset, long length) {
        if (replies == null) {
            replies = pool.take();
        }
        replies.add(rank, buffer, offset, length);
    }

    @Override
    void dropReplies() {
        replies = null;
    }

    /** The buffer is handed over: a call that fails leaves it to the garbage collector, for a late reply may be in it. */
    @Override
    Object success() {
        return Objects.requireNonNull(replies);
    }

    @Override
    void complete(Object how) {
        try {
            tell(how);
        } catch (Throwable t) {
            LOG.error("reply handler threw {}", this, t);
        }
    }

    private void tell(Object how) {
        if (how instanceof Throwable error) {
            handler.onEnd(error);
            return;
        }
        ReplyBuffer done = (ReplyBuffer) how;
        try {
            done.forEach(handler);
        } finally {
            pool.give(done);
            handler.onEnd(null);
        }
    }

    /** Any thread. */
    @Override
    public boolean cancel() {
        return !isDecided()
                && CallRegistry.endAnywhere(this, new CancellationException("cancelled by its caller " + this));
    }
}
