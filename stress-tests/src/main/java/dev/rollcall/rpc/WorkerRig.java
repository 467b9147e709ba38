package dev.rollcall.rpc;

import dev.rollcall.shm.FrameHandler;
import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.stress.support.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The loop of one rank on the files it has in production, turned by hand, and as much of a driver as it takes to ask it
 * something. One thread.
 */
public final class WorkerRig implements AutoCloseable {
    private static final int RANK = 0;
    private static final long RING_BYTES = 1 << 20;
    private static final int METHOD = 1;
    private static final int CLASS = 2;

    /** Nobody has anything to print, and the pulse is another thread's. */
    private static final class Silent implements WorkerRun.Host {
        @Override
        public void print(String what, @Nullable Throwable error) {
            throw new IllegalStateException(what, error);
        }

        @Override
        public void startPulse(int rank, BoardWorker marks, PidFd driver) {
            throw new UnsupportedOperationException();
        }
    }

    private final Board board;
    private final BoardWorker marks;
    private final RingWriter requests;
    private final RingReader received;
    private final RingWriter answers;
    private final ReplyOutbox outbox;
    private final RingReader replies;
    private final LoopCall call;
    private final WorkerLoop loop;
    private final MemorySegment arguments;
    private final MemorySegment reply;
    private final FrameHandler answering = (type, buffer, offset, length) -> answer();
    private final FrameHandler taking = (type, buffer, offset, length) -> take(buffer, offset);
    private final long deadline = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
    private long asked;
    private long answered;

    /** With requests and replies of so many bytes. */
    public WorkerRig(int argumentBytes, int replyBytes) {
        arguments = Arena.ofAuto().allocate(argumentBytes, Long.BYTES);
        reply = Arena.ofAuto().allocate(replyBytes, Long.BYTES);
        Path boardFile = Scratch.newFile();
        board = Board.create(boardFile, 1);
        marks = board.asWorker(RANK);
        // Shaped as GroupFiles shapes them.
        Path requestFile = Scratch.newFile();
        requests = RingWriter.create(requestFile, RingConfig.of(RING_BYTES, 1));
        received = RingReader.join(requestFile, RANK);
        Path replyFile = Scratch.newFile();
        RingWriter.createFile(replyFile, RingConfig.builder(RING_BYTES, 1).wakeups(false).build());
        WorkerStop stop = new WorkerStop(Thread.currentThread());
        answers = RingWriter.own(replyFile).doorbell(marks.driverDoorbell());
        outbox = new ReplyOutbox(RANK, answers, marks, stop, new Silent());
        replies = RingReader.join(replyFile, 0);
        call = new LoopCall(RANK, board, marks, stop, new Silent(), true);
        loop = new WorkerLoop(RANK, this::handle, received, outbox, call, marks, stop);
        Scratch.unlink(boardFile);
        Scratch.unlink(requestFile);
        Scratch.unlink(replyFile);
    }

    /** Does nothing but what a handler should: look whether it is still wanted. */
    private MemorySegment handle(CallContext context) {
        return context.remainingNanos() > 0 && !context.isCancelled() ? reply : Worker.NOTHING;
    }

    /** A request through the ring, a turn of the rank's loop, the reply through the other ring; the id that came back. */
    public long call() {
        ask();
        if (!loop.turn()) {
            throw new IllegalStateException("the loop has ended");
        }
        return taken();
    }

    /** The same bytes through both rings, and nothing else. */
    public long ringsOnly() {
        ask();
        if (received.poll(answering, 1) != 1) {
            throw new IllegalStateException("no request");
        }
        return taken();
    }

    private void ask() {
        int length = CallLayout.REQUEST_HEADER + (int) arguments.byteSize();
        long at = requests.tryClaim(length);
        CallLayout.request(requests.buffer(), at, ++asked, deadline, TimeUnit.HOURS.toNanos(1), 0, METHOD, CLASS,
                CallContext.ALL_RANKS, 0);
        MemorySegment.copy(arguments, 0, requests.buffer(), at + CallLayout.REQUEST_HEADER, arguments.byteSize());
        requests.commit(CallLayout.CALL);
    }

    private void answer() {
        long at = answers.tryClaim(CallLayout.REPLY_HEADER + (int) reply.byteSize());
        CallLayout.reply(answers.buffer(), at, asked, RANK, 0);
        MemorySegment.copy(reply, 0, answers.buffer(), at + CallLayout.REPLY_HEADER, reply.byteSize());
        answers.commit(CallLayout.REPLY);
    }

    private long taken() {
        if (replies.poll(taking, 1) != 1 || answered != asked) {
            throw new IllegalStateException("not the reply that was due: asked=" + asked + " answered=" + answered);
        }
        return answered;
    }

    private void take(MemorySegment buffer, long offset) {
        answered = CallLayout.callId(buffer, offset);
    }

    @Override
    public void close() {
        call.close();
        received.close();
        replies.close();
        outbox.close();
        requests.close();
        board.close();
    }
}
