package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWorker;

/** The one call context of a worker process, set anew for each frame. Loop thread only. */
final class LoopCall implements CallContext, AutoCloseable {

    private static final int NAMES = 256;

    private final @Nullable String[] names = new String[NAMES];
    private final Board board;
    private final BoardWorker marks;
    private final WorkerStop stop;
    private final boolean sharedClock;
    private final CancelWatch watch;

    private MemorySegment buffer = MemorySegment.NULL;
    private long frame;
    private int header;
    private long length;
    private int flags;
    private volatile long callId;
    private int methodId;
    private int classId;
    private int replyRank;
    private long deadline;

    LoopCall(int rank, Board board, BoardWorker marks, WorkerStop stop, WorkerRun.Host host, boolean sharedClock) {
        this.board = board;
        this.marks = marks;
        this.stop = stop;
        this.sharedClock = sharedClock;
        this.watch = new CancelWatch(rank, id -> stop.isRequested() || marks.isCancelled(id), host);
    }

    /** Whether this is a request; else {@link #toString()} is about the one before. */
    boolean read(MemorySegment memory, long offset, long payloadLength) {
        if (payloadLength < CallLayout.REQUEST_HEADER || CallLayout.version(memory, offset) != CallLayout.VERSION) {
            return false;
        }
        int trace = CallLayout.traceLength(memory, offset);
        if (trace < 0 || trace > CallLayout.MAX_TRACE || CallLayout.requestHeader(trace) > payloadLength) {
            return false;
        }
        buffer = memory;
        frame = offset;
        header = CallLayout.requestHeader(trace);
        length = payloadLength - header;
        flags = CallLayout.requestFlags(memory, offset);
        callId = CallLayout.callId(memory, offset);
        methodId = CallLayout.method(memory, offset);
        classId = CallLayout.costClass(memory, offset);
        replyRank = CallLayout.replyRank(memory, offset);
        deadline = CallLayout.deadline(memory, offset);
        if (deadline != CallLayout.NO_DEADLINE && !sharedClock) {
            deadline = System.nanoTime() + CallLayout.budget(memory, offset);
        }
        return true;
    }

    boolean isPing() {
        return (flags & CallLayout.PING) != 0;
    }

    boolean hasFatalErrors() {
        return (flags & CallLayout.FATAL_ERRORS) != 0;
    }

    int methodId() {
        return methodId;
    }

    int classId() {
        return classId;
    }

    boolean wantsReplyOf(int rank) {
        return replyRank == ALL_RANKS || replyRank == rank;
    }

    @Override
    public long callId() {
        return callId;
    }

    @Override
    public String method() {
        return name(methodId);
    }

    @Override
    public String costClass() {
        return name(classId);
    }

    @Override
    public int replyRank() {
        return replyRank;
    }

    /** Names never change once they have an id. */
    private String name(int id) {
        String name = names[id];
        if (name == null) {
            name = board.name(id);
            names[id] = name;
        }
        return name;
    }

    @Override
    public MemorySegment arguments() {
        return buffer.asSlice(offset(), length).asReadOnly();
    }

    @Override
    public MemorySegment buffer() {
        return buffer;
    }

    @Override
    public long offset() {
        return frame + header;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long remainingNanos() {
        return deadline == CallLayout.NO_DEADLINE ? Long.MAX_VALUE : deadline - System.nanoTime();
    }

    @Override
    public long expectedNanos() {
        return CallLayout.expected(buffer, frame);
    }

    @Override
    public String traceparent() {
        String trace = CallLayout.trace(buffer, frame);
        int end = trace.indexOf('\n');
        return end < 0 ? trace : trace.substring(0, end);
    }

    @Override
    public String tracestate() {
        String trace = CallLayout.trace(buffer, frame);
        return trace.substring(trace.indexOf('\n') < 0 ? trace.length() : trace.indexOf('\n') + 1);
    }

    @Override
    public boolean isCancelled() {
        return stop.isRequested() || marks.isCancelled(callId);
    }

    @Override
    public void onCancel(Runnable release) {
        watch.arm(callId, Objects.requireNonNull(release, "release"));
    }

    /** The handler has returned. */
    void over() {
        watch.disarm();
    }

    /** The loop has ended. */
    @Override
    public void close() {
        watch.close();
    }

    @Override
    public String toString() {
        return "call=" + callId + " method=" + method();
    }
}
