package dev.rollcall.rpc;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.RingFullException;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.WaitStrategy;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.os.Steps;

/**
 * A rank's end of its reply ring. Loop thread only.
 *
 * <p>A full ring delays a reply for as long as somebody waits for it, through the ring's own waiting: that ticks the board
 * as an idle loop does, so that a driver that stands still gets nobody convicted.
 */
final class ReplyOutbox implements AutoCloseable {

    private static final long FOR_EVER = Long.MAX_VALUE >> 1;
    private static final long START_FAILED_NANOS = 1_000_000_000;

    private final int rank;
    private final RingWriter ring;
    private final BoardWorker marks;
    private final WorkerStop stop;
    private final WorkerRun.Host host;
    private @Nullable LoopCall writing;

    /** Nobody waits for the reply any more. */
    private static final class Unwanted extends RollcallException {

        private static final long serialVersionUID = 1L;

        Unwanted() {
            super("nobody waits for the reply any more");
        }
    }

    ReplyOutbox(int rank, RingWriter ring, BoardWorker marks, WorkerStop stop, WorkerRun.Host host) {
        this.rank = rank;
        this.ring = ring.waiting(this::awaitSpace);
        this.marks = marks;
        this.stop = stop;
        this.host = host;
    }

    void reply(LoopCall call, MemorySegment bytes) {
        long length = CallLayout.REPLY_HEADER + bytes.byteSize();
        if (length > ring.maxMessage()) {
            throw new IllegalArgumentException("reply too large bytes=" + bytes.byteSize() + " max="
                    + (ring.maxMessage() - CallLayout.REPLY_HEADER) + "; give the group a larger maxMessage");
        }
        long at = length > ring.maxPayload() ? RingWriter.BACK_PRESSURED : ring.tryClaim((int) length);
        if (at >= 0) {
            fill(call, bytes, at);
            return;
        }
        MemorySegment payload = MemorySegment.ofArray(new byte[Math.toIntExact(length)]);
        CallLayout.reply(payload, 0, call.callId(), rank, 0);
        MemorySegment.copy(bytes, 0, payload, CallLayout.REPLY_HEADER, bytes.byteSize());
        write(call, CallLayout.REPLY, payload);
    }

    private void fill(LoopCall call, MemorySegment bytes, long at) {
        boolean filled = false;
        try {
            CallLayout.reply(ring.buffer(), at, call.callId(), rank, 0);
            MemorySegment.copy(bytes, 0, ring.buffer(), at + CallLayout.REPLY_HEADER, bytes.byteSize());
            Steps.at("worker.reply.filled");
            ring.commit(CallLayout.REPLY);
            filled = true;
        } finally {
            if (!filled) {
                ring.abort();
            }
        }
    }

    /** With whether the rank ends now, which the driver then need not find out by itself. */
    void error(LoopCall call, Throwable error, boolean fatal) {
        write(call, CallLayout.ERROR, error(call.callId(), error, fatal ? CallLayout.FATAL : 0));
    }

    /** The rank could not start. */
    void startFailed(Throwable error) {
        MemorySegment payload = error(0, error, CallLayout.FATAL);
        ring.write(CallLayout.ERROR, payload, 0, payload.byteSize(), START_FAILED_NANOS);
    }

    private MemorySegment error(long callId, Throwable error, int flags) {
        StringWriter stack = new StringWriter();
        error.printStackTrace(new PrintWriter(stack));
        return CallLayout.error(callId, rank, flags, error.getClass().getName(),
                Objects.toString(error.getMessage(), ""), stack.toString());
    }

    private void write(LoopCall call, int type, MemorySegment payload) {
        writing = call;
        try {
            ring.write(type, payload, 0, payload.byteSize(), FOR_EVER);
        } catch (Unwanted | RingFullException e) {
            // full: the loop was interrupted, by whoever stops this rank or by its own handler
            host.print("reply dropped " + call + ": " + e.getMessage(), null);
        } finally {
            writing = null;
        }
    }

    private boolean awaitSpace(WaitCell cell, BooleanSupplier ready, long timeoutNanos) {
        marks.tick();
        if (writing != null && isUnwanted(writing)) {
            throw new Unwanted();
        }
        return WaitStrategy.backingOff().await(cell, ready, timeoutNanos);
    }

    private boolean isUnwanted(LoopCall call) {
        return stop.isRequested() || call.remainingNanos() <= 0 || call.isCancelled();
    }

    @Override
    public void close() {
        ring.close();
    }
}
