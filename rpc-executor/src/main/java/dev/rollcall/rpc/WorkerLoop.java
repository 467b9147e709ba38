package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.FrameHandler;
import dev.rollcall.shm.RingClosedException;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.os.Steps;

/**
 * What a rank does between start and stop: take the next call, run the handler, reply, and mark each step on the board.
 * Loop thread only. Nothing here is allocated per call.
 */
final class WorkerLoop implements FrameHandler {

    /** An idle loop wakes this often to tick. */
    static final long IDLE_NANOS = 200_000_000;

    private final int rank;
    private final Worker worker;
    private final RingReader requests;
    private final ReplyOutbox replies;
    private final LoopCall call;
    private final BoardWorker marks;
    private final WorkerStop stop;
    private @Nullable Throwable fatal;
    private boolean epochOver;

    WorkerLoop(int rank, Worker worker, RingReader requests, ReplyOutbox replies, LoopCall call, BoardWorker marks,
            WorkerStop stop) {
        this.rank = rank;
        this.worker = worker;
        this.requests = requests;
        this.replies = replies;
        this.call = call;
        this.marks = marks;
        this.stop = stop;
    }

    /**
     * Until told to stop, until the driver has ended the epoch or closed the ring, or until an error after which this
     * rank should not go on.
     */
    void run() {
        while (!stop.isRequested() && turn()) {
            // that was a call, or a look
        }
    }

    /** One call, or a wait for one that is bounded; false when there is to be no other. */
    boolean turn() {
        clearStrayInterrupt();
        marks.tick();
        // One frame at a time: the ring position moves with each call, so a stuck call holds back its own frame only.
        if (requests.poll(this, 1) > 0) {
            return fatal == null && !epochOver;
        }
        return awaitCall();
    }

    /**
     * A handler, or a thread of its own, may leave an interrupt behind, and no wait would last any more. The one that
     * comes with a stop stays: it is set after the request.
     */
    private void clearStrayInterrupt() {
        if (Thread.interrupted() && stop.isRequested()) {
            Thread.currentThread().interrupt();
        }
    }

    /** False at the end of a closed ring. */
    private boolean awaitCall() {
        try {
            requests.await(IDLE_NANOS);
            return true;
        } catch (RingClosedException closed) {
            return false;
        }
    }

    /** What ended the loop, if it was an error of the handler. */
    @Nullable
    Throwable fatal() {
        return fatal;
    }

    @Override
    public void onFrame(int type, MemorySegment buffer, long offset, long length) {
        if (type != CallLayout.CALL || !call.read(buffer, offset, length)) {
            throw new RollcallException("malformed request type=" + type + " length=" + length + " rank=" + rank
                    + " layoutVersion=" + CallLayout.VERSION);
        }
        long id = call.callId();
        marks.received(id);
        Steps.at("worker.call.received");
        if (marks.isEpochOver()) {
            epochOver = true; // the driver may make this call again elsewhere: it must not run here
            return;
        }
        marks.started(id, call.methodId(), call.classId());
        Steps.at("worker.call.started");
        MemorySegment reply = null;
        Throwable error = null;
        try {
            reply = answer();
        } catch (Throwable t) {
            error = t;
        } finally {
            call.over();
        }
        Steps.at("worker.call.answered");
        marks.finished(id);
        Steps.at("worker.call.finished");
        if (reply != null && call.wantsReplyOf(rank)) {
            error = tryReply(reply);
        }
        if (error != null) {
            replyError(error);
        }
        Steps.at("worker.call.reply-sent");
        marks.replied(id);
    }

    /** A handler compiled without null checks may return null. */
    @SuppressWarnings("ConstantValue")
    private MemorySegment answer() throws Exception {
        if (call.isPing()) {
            return Worker.NOTHING;
        }
        MemorySegment reply = worker.call(call);
        if (reply == null) {
            throw new NullPointerException("handler returned null " + call);
        }
        return reply;
    }

    /** A reply that does not fit, or whose memory is gone, is an error of the handler. */
    private @Nullable Throwable tryReply(MemorySegment reply) {
        try {
            replies.reply(call, reply);
            return null;
        } catch (IllegalArgumentException | IllegalStateException | WrongThreadException e) {
            return e;
        }
    }

    private void replyError(Throwable error) {
        if (call.hasFatalErrors() || isFatal(error)) {
            fatal = error;
        }
        try {
            replies.error(call, error, fatal != null);
        } catch (OutOfMemoryError e) {
            error.addSuppressed(e);
            fatal = error;
        }
    }

    /** After these the JVM promises nothing; a deep recursion is only the handler's own mistake. */
    private static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError && !(error instanceof StackOverflowError);
    }
}
