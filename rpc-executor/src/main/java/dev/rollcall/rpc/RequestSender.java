package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.board.BoardDriver;

/**
 * Puts calls into the request ring. Any thread, virtual ones included: waiting for the lock and for space parks, it
 * does not sleep in a futex.
 *
 * <p>Space is claimed before the call gets its id, so ids have no gaps and stand in ring order: what a rank has not
 * received is exactly what lies above the last id it marked.
 */
final class RequestSender {

    private static final long FIRST_PAUSE_NANOS = 20_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    private final ReentrantLock issue = new ReentrantLock();
    private final RingWriter ring;
    private final BoardDriver board;
    private final Names names;
    private final CallRegistry registry;
    private final GroupStatus status;
    // written under the lock
    private volatile long lastIssued;
    private boolean closed;

    RequestSender(RingWriter ring, BoardDriver board, CallRegistry registry, GroupStatus status) {
        this.ring = ring;
        this.board = board;
        this.names = new Names(board);
        this.registry = registry;
        this.status = status;
    }

    long lastIssued() {
        return lastIssued;
    }

    /** Sends or refuses the call; when this returns true, its frame is in the ring. */
    boolean send(PendingCall call, MemorySegment arguments) {
        long length = CallLayout.REQUEST_HEADER + arguments.byteSize();
        if (length > ring.maxPayload()) {
            throw new IllegalArgumentException("arguments too large bytes=" + arguments.byteSize() + " max="
                    + (ring.maxPayload() - CallLayout.REQUEST_HEADER) + "; give the group a larger request ring");
        }
        RuntimeException refusal = null;
        try {
            if (!issue.tryLock(call.remainingNanos(), TimeUnit.NANOSECONDS)) {
                refusal = new CallTimeoutException("timed out waiting for callers before it " + call, 0, List.of());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refusal = interrupted(call);
        }
        if (refusal == null) {
            try {
                refusal = locked(call, arguments, (int) length);
            } finally {
                issue.unlock();
            }
        }
        if (refusal != null) {
            registry.refuse(call, refusal);
        }
        return refusal == null;
    }

    private @Nullable RuntimeException locked(PendingCall call, MemorySegment arguments, int length) {
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            FailureCause refused = status.refusal();
            if (refused != null) {
                return refused.forCall(call.toString());
            }
            int method = names.id(call.method);
            int costClass = names.id(call.options.costClass());
            long at = ring.tryClaim(length);
            if (at >= 0) {
                commit(call, arguments, method, costClass, at);
                return null;
            }
            if (at != RingWriter.BACK_PRESSURED) {
                return new GroupClosedException("request ring is closed " + call);
            }
            long left = call.remainingNanos();
            if (left <= 0) {
                return new CallTimeoutException(
                        "request ring stayed full " + call + " timeout=" + call.timeoutNanos / 1_000_000
                                + " ms",
                        0, ring.lags().stream().map(Object::toString).toList());
            }
            LockSupport.parkNanos(this, Math.min(pause, left));
            pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
            if (Thread.currentThread().isInterrupted()) {
                return interrupted(call);
            }
        }
    }

    private void commit(PendingCall call, MemorySegment arguments, int method, int costClass, long at) {
        boolean sent = false;
        try {
            MemorySegment buffer = ring.buffer();
            MemorySegment.copy(arguments, 0, buffer, at + CallLayout.REQUEST_HEADER, arguments.byteSize());
            call.id = lastIssued + 1;
            CallLayout.request(buffer, at, call.id, call.hasDeadline() ? call.deadlineNanos() : CallLayout.NO_DEADLINE,
                    call.remainingNanos(), call.options.expected().toNanos(), method, costClass,
                    call.options.replyRank());
            lastIssued = call.id;
            board.issued(call.id, method, costClass, call.options.replyRank(), call.timeoutNanos);
            registry.register(call);
            // Register, then look again: a failure sets the state, then sweeps. The frame goes out either way, its id
            // is given.
            FailureCause refused = status.refusal();
            ring.commit(CallLayout.CALL);
            sent = true;
            if (refused != null) {
                registry.end(call, refused.forCall(call.toString()));
            }
        } finally {
            if (!sent) {
                ring.abort();
            }
        }
    }

    private static RuntimeException interrupted(PendingCall call) {
        return new CancellationException("interrupted before it was sent " + call);
    }

    /** Idempotent. Waits for a caller that is in the middle of sending; the group's state must have been set before. */
    void close() {
        issue.lock();
        try {
            if (!closed) {
                closed = true;
                ring.close();
            }
        } finally {
            issue.unlock();
        }
    }
}
