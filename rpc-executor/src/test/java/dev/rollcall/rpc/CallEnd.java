package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/** What the caller of one call is told, by a future or as its handler. */
final class CallEnd implements ReplyHandler {

    private final CountDownLatch told = new CountDownLatch(1);
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger replies = new AtomicInteger();
    private volatile @Nullable Throwable error;
    private @Nullable CompletableFuture<CallResult> future;
    private BooleanSupplier cancel = () -> false;

    void follow(CompletableFuture<CallResult> call) {
        future = call;
        cancel = () -> call.cancel(true);
        var _ = call.whenComplete((result, why) -> {
            replies.addAndGet(result == null ? 0 : 1);
            onEnd(why instanceof CompletionException wrapped ? wrapped.getCause() : why);
        });
    }

    void follow(SentCall call) {
        cancel = call::cancel;
    }

    boolean cancel() {
        return cancel.getAsBoolean();
    }

    boolean isTold() {
        return told.getCount() == 0;
    }

    @Nullable
    Throwable error() {
        return error;
    }

    /** Of a handler: how many ranks'; of a future: whether it has any. */
    int replies() {
        return replies.get();
    }

    @Override
    public void onReply(int rank, MemorySegment buffer, long offset, long length) {
        replies.incrementAndGet();
    }

    @Override
    public void onEnd(@Nullable Throwable why) {
        error = why;
        ends.incrementAndGet();
        told.countDown();
    }

    @Nullable
    Throwable await() {
        try {
            assertThat(told.await(30, TimeUnit.SECONDS)).as("the call ended").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return error;
    }

    void expectToldOnce() {
        assertThat(ends).as("%s", this).hasValue(1);
        assertThat(replies.get() > 0).as("replies only of a success: %s", this).isEqualTo(error == null);
        if (future != null) {
            assertThat(future).isDone();
            assertThat(future.isCancelled()).isEqualTo(error instanceof CancellationException);
        }
    }

    @Override
    public String toString() {
        return "ends=" + ends + " replies=" + replies + " error=" + error;
    }
}
