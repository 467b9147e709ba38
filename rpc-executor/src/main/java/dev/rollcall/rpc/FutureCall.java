package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** A call whose outcome goes to a future, through a function of the caller's. */
final class FutureCall<T> extends PendingCall {

    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);

    final CompletableFuture<T> future = new Answer();
    private final Function<CallResult, T> function;
    private @Nullable MemorySegment[] replies;

    FutureCall(MethodCalls calls, CallOptions options, MethodOptions policy, int frameFlags, long timeoutNanos,
            int workers,
            Function<CallResult, T> function) {
        super(calls, options, policy, frameFlags, timeoutNanos, workers);
        this.function = function;
        this.replies = new MemorySegment[workers];
    }

    @Override
    boolean hasReply(int rank) {
        return replies[rank] != null;
    }

    @Override
    void keepReply(int rank, MemorySegment buffer, long offset, long length) {
        replies[rank] = copy(buffer, offset, Math.toIntExact(length));
    }

    private static MemorySegment copy(MemorySegment buffer, long offset, int length) {
        if (length == 0) {
            return EMPTY;
        }
        byte[] copy = new byte[length];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, offset, copy, 0, length);
        return MemorySegment.ofArray(copy);
    }

    @Override
    void dropReplies() {
        replies = new MemorySegment[workers];
    }

    @Override
    CallResult success() {
        return new CallResult(id, replies);
    }

    @Override
    void complete(Object how) {
        ((Answer) future).tell(how);
    }

    /**
     * What the caller does to its future goes through the call's own decision first: a cancellation that comes second
     * does not stand, nor does a reply that does.
     */
    private final class Answer extends CompletableFuture<T> {

        void tell(Object how) {
            if (how instanceof ByOwner) {
                return; // the owner completes it itself
            }
            if (how instanceof Throwable error) {
                super.completeExceptionally(error);
                return;
            }
            try {
                super.complete(function.apply((CallResult) how));
            } catch (Throwable t) {
                // The caller's own function threw: that is what its future is for.
                super.completeExceptionally(t);
            }
        }

        private boolean take() {
            return end(new ByOwner("ended by its owner " + FutureCall.this));
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return (take() && super.cancel(mayInterruptIfRunning)) || isCancelled();
        }

        @Override
        public boolean complete(T value) {
            return take() && super.complete(value);
        }

        @Override
        public boolean completeExceptionally(Throwable error) {
            return take() && super.completeExceptionally(error);
        }

        /** What depends on it is not the call. */
        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }

    /** Any thread. */
    @Override
    public boolean cancel() {
        return end(new CancellationException("cancelled by its caller " + this));
    }

    private boolean end(CancellationException why) {
        return !isDecided() && CallRegistry.endAnywhere(this, why);
    }

    /** That the future's owner decided the call: the outcome itself says so, for only the one that stands may. */
    private static final class ByOwner extends CancellationException {

        private static final long serialVersionUID = 1L;

        ByOwner(String message) {
            super(message);
        }
    }
}
