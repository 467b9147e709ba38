package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.RingClosedException;
import dev.rollcall.shm.RingFullException;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.WaitStrategy;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.os.Steps;

/**
 * Puts calls into the request ring. Any thread, virtual ones included: waiting for the lock and for space parks; only a
 * platform thread sleeps in a futex, for room for the next part of a long call.
 *
 * <p>Ids stand in ring order: what a rank has not received is exactly what lies above the last id it marked. Space is
 * claimed before a call gets its id, so none is missing but those of long calls whose time was up half-way. Ids begin
 * anew in each epoch.
 */
final class RequestSender {

    private static final long FIRST_PAUSE_NANOS = 20_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;
    /** Longer than anybody needs for one frame. */
    private static final long CLOSE_NANOS = 50_000_000;
    private static final byte[] NO_TRACE = {};

    /** What became of a call that was to be sent. */
    enum Sent {
        /** Its frame is in the ring, or it was ended by others after that. */
        YES,
        /** It has ended: there was no room in time, or its caller was interrupted. */
        REFUSED,
        /** The group takes no calls in this epoch; the call is as before, or parked. */
        EPOCH_OVER
    }

    /** A long call is not written to its end: ranks have died, or the group begins anew. */
    private static final class EpochOver extends RollcallException {

        private static final long serialVersionUID = 1L;

        EpochOver() {
            super("the epoch is over");
        }
    }

    private final ReentrantLock issue = new ReentrantLock();
    private final RingWriter ring;
    private final Board observed;
    private final BoardDriver board;
    private final Names names;
    private final CallRegistry registry;
    private final GroupStatus status;
    private final int window;
    // written under the lock
    private volatile long lastIssued;
    private boolean closed;
    private Consumer<PendingCall> sentTo = call -> {
    };

    RequestSender(RingWriter ring, Board observed, BoardDriver board, CallRegistry registry, GroupStatus status,
            int window) {
        this.ring = ring.waiting(this::awaitSpace);
        this.observed = observed;
        this.board = board;
        this.names = new Names(board);
        this.registry = registry;
        this.status = status;
        this.window = window;
    }

    long lastIssued() {
        return lastIssued;
    }

    /**
     * Who is told of a call that was sent, on the caller's thread. Under the lock: whoever rings the doorbell then has
     * rung it before the epoch can be taken down, however long the caller is kept from running.
     */
    void onSent(Consumer<PendingCall> told) {
        sentTo = told;
    }

    Sent send(PendingCall call, MemorySegment arguments) {
        byte[] trace = call.options.trace().isEmpty()
                ? NO_TRACE
                : call.options.trace().getBytes(StandardCharsets.US_ASCII);
        long length = CallLayout.requestHeader(trace.length) + arguments.byteSize();
        if (length > ring.maxMessage()) {
            throw new IllegalArgumentException("arguments too large bytes=" + arguments.byteSize() + " max="
                    + (ring.maxMessage() - CallLayout.requestHeader(trace.length))
                    + "; give the group a larger maxMessage");
        }
        try {
            if (!issue.tryLock(call.remainingNanos(), TimeUnit.NANOSECONDS)) {
                return refuse(call, new CallTimeoutException("timed out waiting for callers before it " + call
                        + " timeout=" + call.timeoutNanos / 1_000_000 + " ms", 0, Ranks.lines(observed), List.of()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refuse(call, interrupted(call));
        }
        try {
            Sent outcome = locked(call, arguments, trace, Math.toIntExact(length));
            if (outcome == Sent.YES) {
                sentTo.accept(call);
            }
            return outcome;
        } finally {
            issue.unlock();
        }
    }

    private Sent refuse(PendingCall call, Throwable why) {
        boolean _ = registry.refuse(call, why);
        return Sent.REFUSED;
    }

    private Sent locked(PendingCall call, MemorySegment arguments, byte[] trace, int length) {
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            if (closed || status.refusal() != null) {
                return Sent.EPOCH_OVER;
            }
            boolean open = registry.size() < window;
            if (open && length > ring.maxPayload()) {
                return sendInParts(call, arguments, trace, length);
            }
            long at = open ? claim(call, length) : RingWriter.BACK_PRESSURED;
            if (at >= 0) {
                return commit(call, arguments, trace, at, length);
            }
            if (at != RingWriter.BACK_PRESSURED) {
                return Sent.EPOCH_OVER;
            }
            long left = call.remainingNanos();
            if (left <= 0) {
                return refuse(call, open ? ringFull(call) : windowFull(call));
            }
            LockSupport.parkNanos(this, Math.min(pause, left));
            pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
            if (Thread.currentThread().isInterrupted()) {
                return refuse(call, interrupted(call));
            }
        }
    }

    /** Names first: a table that is full is found out before the ring is touched. */
    private long claim(PendingCall call, int length) {
        int _ = names.id(call.method);
        int _ = names.id(call.options.costClass());
        return ring.tryClaim(length);
    }

    private CallTimeoutException ringFull(PendingCall call) {
        return new CallTimeoutException("request ring stayed full " + call + " timeout="
                + call.timeoutNanos / 1_000_000 + " ms", 0, ring.lags().stream().map(Object::toString).toList(),
                List.of());
    }

    /** The oldest call holds the window, and some rank holds that. */
    private CallTimeoutException windowFull(PendingCall call) {
        String oldest = registry.snapshot().stream().findFirst().map(held -> " oldest=[" + held + " since="
                + (System.nanoTime() - held.startNanos) / 1_000_000 + " ms]").orElse("");
        return new CallTimeoutException("call window stayed full " + call + " window=" + window + " timeout="
                + call.timeoutNanos / 1_000_000 + " ms" + oldest, 0, Ranks.lines(observed), List.of());
    }

    private Sent commit(PendingCall call, MemorySegment arguments, byte[] trace, long at, int length) {
        boolean sent = false;
        try {
            long id = fill(call, ring.buffer(), at, length, arguments, trace);
            call.frameArguments = at + length - arguments.byteSize();
            call.frameLength = arguments.byteSize();
            Sent outcome = register(call, id);
            if (outcome == null) {
                lastIssued = id;
                Steps.at("driver.call.registered");
                ring.commit(CallLayout.CALL);
                sent = true;
                Steps.at("driver.call.sent");
                registry.countIssued();
                outcome = Sent.YES;
            }
            return outcome;
        } catch (RingClosedException e) {
            return overtaken(call, e);
        } finally {
            if (!sent) {
                giveUpClaim();
            }
        }
    }

    private void giveUpClaim() {
        try {
            ring.abort();
        } catch (RingClosedException e) {
            if (status.refusal() == null) {
                throw e;
            } // else the claim has ended with the epoch
        }
    }

    /** The epoch ended while the call was on its way. */
    private Sent overtaken(PendingCall call, RuntimeException why) {
        if (status.refusal() == null) {
            throw why;
        }
        return registry.park(call) ? Sent.EPOCH_OVER : Sent.YES;
    }

    /** What is longer than a frame: in one piece on the heap, from where the ring takes it part by part. */
    private Sent sendInParts(PendingCall call, MemorySegment arguments, byte[] trace, int length) {
        MemorySegment whole = MemorySegment.ofArray(new byte[length]);
        long id = fill(call, whole, 0, length, arguments, trace);
        call.kept = whole.asSlice(length - arguments.byteSize());
        Sent outcome = register(call, id);
        if (outcome != null) {
            return outcome;
        }
        // Used up even if this call never gets through: ranks may see it cancelled, and must not take the next one for it.
        lastIssued = id;
        try {
            ring.write(CallLayout.CALL, whole, 0, length, call.remainingNanos());
            registry.countIssued();
            return Sent.YES;
        } catch (RingFullException e) {
            RuntimeException why = Thread.currentThread().isInterrupted()
                    ? interrupted(call)
                    : new CallTimeoutException("request ring stayed full " + call + " timeout="
                            + call.timeoutNanos / 1_000_000 + " ms bytes=" + arguments.byteSize() + ": "
                            + e.getMessage(), 0, Ranks.lines(observed), List.of());
            boolean _ = registry.end(call, why);
            return Sent.REFUSED;
        } catch (EpochOver | RingClosedException | IllegalStateException e) {
            return overtaken(call, e);
        }
    }

    /** For ranks that will not read on, a caller is not kept until they are taken down. Draining lets it go on. */
    private boolean awaitSpace(WaitCell cell, BooleanSupplier ready, long timeoutNanos) {
        FailureCause over = status.refusal();
        if (over != null && !(over instanceof FailureCause.Closed)) {
            throw new EpochOver();
        }
        return WaitStrategy.adaptive().await(cell, ready, timeoutNanos);
    }

    /** The id it is to get. */
    private long fill(PendingCall call, MemorySegment to, long at, int length, MemorySegment arguments, byte[] trace) {
        MemorySegment.copy(arguments, 0, to, at + length - arguments.byteSize(), arguments.byteSize());
        long id = lastIssued + 1;
        CallLayout.request(to, at, id, call.hasDeadline() ? call.deadlineNanos() : CallLayout.NO_DEADLINE,
                call.remainingNanos(), call.options.expected().toNanos(), names.id(call.method),
                names.id(call.options.costClass()), call.options.replyRank(), call.frameFlags);
        CallLayout.trace(to, at, trace);
        return id;
    }

    /** Null when its frame is to go out now. */
    private @Nullable Sent register(PendingCall call, long id) {
        board.issued(id, names.id(call.method), names.id(call.options.costClass()), call.options.replyRank(),
                call.timeoutNanos);
        boolean again = call.home != null;
        call.id = id;
        call.home = registry;
        registry.register(call);
        if (again && !call.unpark()) {
            registry.withdraw(call); // it ended while it was to be sent again: the next one gets its id
            return Sent.YES;
        }
        // Register, then look again: a failure sets the state, then sweeps.
        if (status.refusal() != null) {
            return registry.park(call) ? Sent.EPOCH_OVER : Sent.YES;
        }
        return null;
    }

    /** What the ring holds of a call that no rank has received. */
    MemorySegment argumentsOf(PendingCall call) {
        MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(call.frameLength)]);
        MemorySegment.copy(ring.buffer(), call.frameArguments, copy, 0, call.frameLength);
        return copy;
    }

    private static RuntimeException interrupted(PendingCall call) {
        return new CancellationException("interrupted before it was sent " + call);
    }

    /** Idempotent. Waits for a caller that is in the middle of sending; the group's state must have been set before. */
    void close() {
        if (!tryLock()) {
            // Somebody is writing a long message to ranks that do not read: closing sends the writer away.
            ring.close();
            issue.lock();
        }
        try {
            if (!closed) {
                closed = true;
                ring.close();
            }
        } finally {
            issue.unlock();
        }
    }

    private boolean tryLock() {
        boolean interrupted = Thread.interrupted();
        try {
            return issue.tryLock(CLOSE_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
