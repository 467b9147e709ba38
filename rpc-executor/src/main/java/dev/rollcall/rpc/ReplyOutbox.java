package dev.rollcall.rpc;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

import dev.rollcall.shm.RingFullException;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.board.BoardWorker;

/** A rank's end of its reply ring. Loop thread only. */
final class ReplyOutbox implements AutoCloseable {

    private static final long SLICE_NANOS = 100_000_000;

    private final int rank;
    private final RingWriter ring;
    private final BoardWorker marks;
    private final WorkerStop stop;

    ReplyOutbox(int rank, RingWriter ring, BoardWorker marks, WorkerStop stop) {
        this.rank = rank;
        this.ring = ring;
        this.marks = marks;
        this.stop = stop;
    }

    void reply(LoopCall call, MemorySegment bytes) {
        long length = CallLayout.REPLY_HEADER + bytes.byteSize();
        if (length > ring.maxPayload()) {
            throw new IllegalArgumentException("reply too large bytes=" + bytes.byteSize() + " max="
                    + (ring.maxPayload() - CallLayout.REPLY_HEADER) + "; give the group larger reply rings");
        }
        long at = ring.tryClaim((int) length);
        if (at >= 0) {
            fill(call, bytes, at);
            return;
        }
        MemorySegment payload = MemorySegment.ofArray(new byte[(int) length]);
        CallLayout.reply(payload, 0, call.callId(), rank, 0);
        MemorySegment.copy(bytes, 0, payload, CallLayout.REPLY_HEADER, bytes.byteSize());
        write(call, CallLayout.REPLY, payload);
    }

    private void fill(LoopCall call, MemorySegment bytes, long at) {
        boolean filled = false;
        try {
            CallLayout.reply(ring.buffer(), at, call.callId(), rank, 0);
            MemorySegment.copy(bytes, 0, ring.buffer(), at + CallLayout.REPLY_HEADER, bytes.byteSize());
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
        ring.write(CallLayout.ERROR, payload, 0, payload.byteSize(), SLICE_NANOS);
    }

    private MemorySegment error(long callId, Throwable error, int flags) {
        StringWriter stack = new StringWriter();
        error.printStackTrace(new PrintWriter(stack));
        return CallLayout.error(callId, rank, flags, error.getClass().getName(),
                Objects.toString(error.getMessage(), ""), stack.toString());
    }

    /** A full ring delays the reply for as long as somebody waits for it; after that it is dropped, which is said. */
    private void write(LoopCall call, int type, MemorySegment payload) {
        do {
            marks.tick();
            try {
                ring.write(type, payload, 0, payload.byteSize(), SLICE_NANOS);
                return;
            } catch (RingFullException e) {
                if (isUnwanted(call)) {
                    System.err.println(
                            "rollcall: reply dropped, nobody waits for it any more " + call + ": " + e.getMessage());
                }
            }
        } while (!isUnwanted(call));
    }

    private boolean isUnwanted(LoopCall call) {
        return stop.isRequested() || call.remainingNanos() <= 0 || call.isCancelled();
    }

    @Override
    public void close() {
        ring.close();
    }
}
