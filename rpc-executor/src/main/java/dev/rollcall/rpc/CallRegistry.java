package dev.rollcall.rpc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.os.Steps;

/**
 * The calls in flight in one epoch, and the one place where a call ends; see {@link PendingCall} for who may end it. Any
 * thread.
 *
 * <p>A call leaves the map last, after the board has been told: so an empty registry means that nobody will touch the
 * board on behalf of a call any more, which is what {@link #awaitEmpty} promises to a closing group.
 */
final class CallRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(CallRegistry.class);

    // guarded by this
    private final Long2ObjectHashMap<PendingCall> calls = new Long2ObjectHashMap<>();
    private final BoardDriver board;
    private final CallEnds ends;
    private volatile Consumer<PendingCall> endedByCaller = call -> {
    };

    CallRegistry(BoardDriver board, CallEnds ends) {
        this.board = board;
        this.ends = ends;
    }

    /** Who is told, on the caller's thread, of a call that its caller ended. */
    void onEndedByCaller(Consumer<PendingCall> told) {
        endedByCaller = told;
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
        // A decided call stays where it is: only now is it certain which epoch that is.
        Objects.requireNonNull(call.home).leave(call, outcome);
        return true;
    }

    private void leave(PendingCall call, Object outcome) {
        boolean ok = !(outcome instanceof Throwable);
        try {
            Steps.at("driver.call.decided");
            board.ended(call.id, ok);
            if (!ok) {
                board.cancel(call.id);
            }
            ends.tell(call, outcome);
        } finally {
            remove(call);
        }
    }

    /** As {@link #end}, for a caller who cannot know whether the call is between two epochs. */
    static boolean endAnywhere(PendingCall call, Throwable why) {
        while (!call.isDecided()) {
            CallRegistry home = Objects.requireNonNull(call.home);
            if (home.end(call, why)) {
                Objects.requireNonNull(call.home).endedByCaller.accept(call);
                return true;
            }
            if (home.refuse(call, why)) {
                return true;
            }
        }
        return false;
    }

    /** Takes an open call out of the epoch; false when it was decided meanwhile. */
    boolean park(PendingCall call) {
        if (!call.park()) {
            return false;
        }
        withdraw(call);
        return true;
    }

    /** A call that is not open leaves the map as if it had never been here. */
    void withdraw(PendingCall call) {
        try {
            board.ended(call.id, false);
        } finally {
            remove(call);
        }
    }

    /** See {@link CallEnds#refuse}. */
    boolean refuse(PendingCall call, Throwable why) {
        return ends.refuse(call, why);
    }

    private synchronized void remove(PendingCall call) {
        calls.remove(call.id);
        if (calls.isEmpty()) {
            notifyAll();
        }
    }

    /** Whether a call is in flight that was sent before this one. */
    synchronized boolean hasBefore(long callId) {
        return calls.values().stream().anyMatch(call -> call.id < callId);
    }

    synchronized int size() {
        return calls.size();
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

    /** In the order in which they were sent. */
    List<PendingCall> snapshot() {
        List<PendingCall> all;
        synchronized (this) {
            all = new ArrayList<>(calls.values());
        }
        all.sort(Comparator.comparingLong(call -> call.id));
        return all;
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

    int inFlight() {
        return (int) snapshot().stream().filter(call -> !call.isDecided()).count();
    }

    void countIssued() {
        ends.counters().issued.incrementAndGet();
    }

    void countLate() {
        ends.counters().late.incrementAndGet();
    }

    void countUnknown() {
        ends.counters().unknown.incrementAndGet();
    }

    /** The call had its replies, or another end, before this rank threw: no caller hears of it any more. */
    void reportLateError(int rank, long callId, String type, String message) {
        ends.completions()
                .execute(() -> LOG.warn("rank={} threw after its call had ended call={} {}: {}", rank, callId, type,
                        message));
    }
}
