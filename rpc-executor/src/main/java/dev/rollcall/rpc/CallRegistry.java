package dev.rollcall.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.shm.board.BoardDriver;

/**
 * The calls in flight, and the one place where a call ends; see {@link PendingCall} for who may end it. Any thread.
 *
 * <p>A call leaves the map last, after the board has been told: so an empty registry means that nobody will touch the
 * board on behalf of a call any more, which is what {@link #awaitEmpty} promises to a closing group.
 */
final class CallRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(CallRegistry.class);

    // guarded by this
    private final Long2ObjectHashMap<PendingCall> calls = new Long2ObjectHashMap<>();
    private final BoardDriver board;
    private final Executor completion;
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();

    CallRegistry(BoardDriver board, Executor completion) {
        this.board = board;
        this.completion = completion;
    }

    synchronized void register(PendingCall call) {
        calls.put(call.id, call);
    }

    synchronized @Nullable PendingCall find(long id) {
        return calls.get(id);
    }

    /**
     * Whether this outcome stands. A call that did not succeed is marked cancelled, so that ranks still at it may stop.
     */
    boolean end(PendingCall call, Object outcome) {
        if (!call.decide(outcome)) {
            return false;
        }
        boolean ok = outcome instanceof CallResult;
        try {
            board.ended(call.id, ok);
            if (!ok) {
                board.cancel(call.id);
            }
            count(outcome);
            execute(call::complete);
        } finally {
            remove(call);
        }
        return true;
    }

    /** A call that was never sent: nobody else knows it, so its future is completed here and now. */
    void refuse(PendingCall call, RuntimeException why) {
        if (call.decide(why)) {
            count(why);
            call.complete();
        }
    }

    private synchronized void remove(PendingCall call) {
        calls.remove(call.id);
        if (calls.isEmpty()) {
            notifyAll();
        }
    }

    private void count(Object outcome) {
        AtomicLong counter = switch (outcome) {
            case CallResult ok -> completed;
            case CallTimeoutException timeout -> timedOut;
            case CancellationException cancel -> cancelled;
            default -> failed;
        };
        counter.incrementAndGet();
    }

    /** Off the collector: completing, logging and listeners may block. */
    void execute(Runnable task) {
        try {
            completion.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the completion executor refuses; a virtual thread takes over", e);
            Thread.startVirtualThread(task);
        }
    }

    /** Fails all calls that are open; how many. The group's state must have been set before. */
    int failAll(FailureCause cause) {
        int count = 0;
        for (PendingCall call : snapshot()) {
            if (!call.isDecided() && end(call, cause.forCall(call.toString()))) {
                count++;
            }
        }
        return count;
    }

    private synchronized List<PendingCall> snapshot() {
        return new ArrayList<>(calls.values());
    }

    /** Whether the registry was empty at some moment before the time was up. */
    synchronized boolean awaitEmpty(long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        while (!calls.isEmpty()) {
            long left = timeoutNanos - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return true;
    }

    private int inFlight() {
        return (int) snapshot().stream().filter(call -> !call.isDecided()).count();
    }

    void countLate() {
        late.incrementAndGet();
    }

    /** The call had its replies, or another end, before this rank threw: no caller hears of it any more. */
    void reportLateError(int rank, long callId, String type, String message) {
        execute(() -> LOG.warn("rank={} threw after its call had ended call={} {}: {}", rank, callId, type, message));
    }

    void countUnknown() {
        unknown.incrementAndGet();
    }

    CollectiveExecutor.Counters counters(long issued) {
        return new CollectiveExecutor.Counters(issued, completed.get(), failed.get(), timedOut.get(), cancelled.get(),
                late.get(), unknown.get(), inFlight());
    }
}
