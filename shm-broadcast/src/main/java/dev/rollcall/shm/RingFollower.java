package dev.rollcall.shm;

import dev.rollcall.shm.os.MappedFile;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * Reads a ring along without a slot: maps it read-only, holds nobody back, and loses what it is too slow for. For tracing and
 * for onlookers that must not be able to disturb. One thread; {@link #close()} from any. A handler neither polls nor awaits on
 * the follower that called it.
 *
 * <p>Nothing keeps the writer from overwriting what is being read, so every frame is copied, and the copy is kept only if the
 * claim limit, read after it, lies within one capacity of the frame: the writer stores that limit before it stores into
 * the space below it. The same look follows each header, before its length is believed. Whoever was overtaken goes on at the tail.
 */
public final class RingFollower implements AutoCloseable {
    private static final long PATIENCE_NANOS = 100_000_000;

    private final MappedFile file;
    private final MemorySegment memory;
    private final RingShape shape;
    private final CopyBuffer copy = new CopyBuffer();
    private FragmentAssembler assembler;
    private long position;
    private long lostBytes;
    /** Around all use of the memory, handlers and waits included: whoever closes leaves the unmapping to it. */
    private final CloseGuard guard = new CloseGuard();

    private RingFollower(MappedFile file) {
        this.file = file;
        this.memory = file.memory();
        this.shape = RingShape.of(memory);
        this.assembler = new FragmentAssembler(shape.maxMessage());
        this.position = RingLayout.tail(memory);
    }

    /**
     * Starts at the tail: sees what is published from now on.
     *
     * @param file of the ring
     * @return the follower
     * @throws IncompatibleSegmentException when the file is no ring of this version, or not one made for followers
     */
    public static RingFollower open(Path file) {
        MappedFile mapped = RingLayout.open(file, true);
        try {
            if (!RingShape.of(mapped.memory()).has(RingLayout.FLAG_FOLLOWERS)) {
                throw new IncompatibleSegmentException("ring was not created for followers: path=" + file);
            }
            return new RingFollower(mapped);
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    /**
     * Hands out copies of up to {@code limit} messages that are there now; looks at one lap of the ring at most.
     *
     * @param handler sees a copy, valid during the call
     * @param limit   most messages
     * @return how many were handed out; 0 also when the follower was overtaken and jumped to the tail
     * @throws IncompatibleSegmentException when what lies there is no frame
     * @throws RingClosedException          when this follower was closed
     * @throws IllegalStateException        when a handler of this follower asks
     */
    public int poll(FrameHandler handler, int limit) {
        visit();
        try {
            return pollInside(handler, limit);
        } finally {
            guard.exitLast();
        }
    }

    /** The mark is one: who left twice would leave the memory to whoever closes while still in it. */
    private void visit() {
        if (guard.isInside()) {
            throw new IllegalStateException(
                    "a handler neither polls nor awaits on its own follower: path=" + file.path());
        }
        if (!guard.enterToStay()) {
            throw closedHere();
        }
    }

    private int pollInside(FrameHandler handler, int limit) {
        int frames = 0;
        long end = position + shape.capacity(); // a damaged ring may hold nothing but padding, all the way round
        while (frames < limit && position < end && !guard.isClosed()) {
            long header = Words.longAcquire(memory, shape.data() + (position & (shape.capacity() - 1)));
            if (isOvertaken()) {
                jump();
                break;
            }
            if (header == 0) {
                break;
            }
            int length = shape.frameLength(header, position, shape.capacity() - RingLayout.HEADER_BYTES);
            boolean message = isMessage(header, length);
            if (isOvertaken()) {
                jump();
                break;
            }
            position += RingLayout.aligned(length);
            if (message) {
                frames++;
                handOut(handler, header, length);
            }
        }
        return frames;
    }

    /** Copies; what it says holds only if the follower was not overtaken meanwhile. */
    private boolean isMessage(long header, int length) {
        long payload = shape.data() + (position & (shape.capacity() - 1)) + RingLayout.HEADER_BYTES;
        long bytes = (long) length - RingLayout.HEADER_BYTES;
        int flags = RingLayout.flags(header);
        if ((flags & RingLayout.FLAG_FRAGMENT) != 0) {
            return isMessageAfter(payload, bytes, flags);
        }
        MemorySegment.copy(memory, payload, copy.atLeast(bytes, 0), 0, bytes);
        return (flags & RingLayout.FLAG_PADDING) == 0;
    }

    private boolean isMessageAfter(long payload, long bytes, int flags) {
        try {
            assembler.accept(memory, payload, bytes);
        } catch (IncompatibleSegmentException e) {
            if (!isOvertaken()) {
                throw e;
            }
            return false;
        }
        return (flags & RingLayout.FLAG_LAST) != 0 && assembler.isComplete();
    }

    private void handOut(FrameHandler handler, long header, int length) {
        int typeId = RingLayout.typeId(header);
        if ((RingLayout.flags(header) & RingLayout.FLAG_FRAGMENT) != 0) {
            handler.onFrame(typeId, assembler.message(), 0, assembler.length());
        } else {
            handler.onFrame(typeId, copy.memory(), 0, (long) length - RingLayout.HEADER_BYTES);
        }
    }

    private boolean isOvertaken() {
        VarHandle.acquireFence();
        return Words.longAcquire(memory, RingLayout.CLAIM_LIMIT) - shape.capacity() > position;
    }

    private void jump() {
        long tail = RingLayout.tail(memory);
        lostBytes += tail - position;
        position = tail;
        assembler = new FragmentAssembler(shape.maxMessage());
    }

    /**
     * Waits for something to read, looking ever more seldom, down to once a millisecond: nobody can wake a reader that may not
     * even say that it sleeps.
     *
     * @param timeoutNanos at most this long, nanoseconds; zero or less looks once
     * @return true when {@link #poll} has something to do; false when time is up or the thread was interrupted
     * @throws RingClosedException when all has been read and the writer closed the ring or died, or this follower was closed
     * @throws IllegalStateException when a handler of this follower asks
     */
    public boolean await(long timeoutNanos) {
        visit();
        try {
            return awaitInside(timeoutNanos);
        } finally {
            guard.exitLast();
        }
    }

    private boolean awaitInside(long timeoutNanos) {
        long start = System.nanoTime();
        while (true) {
            long left = Math.max(0, timeoutNanos) - (System.nanoTime() - start);
            boolean seen = Polling.backOffUntil(this::somethingToSee, Math.min(left, PATIENCE_NANOS));
            if (guard.isClosed()) {
                throw closedHere();
            }
            if (hasFrame()) {
                return true;
            }
            boolean ended = isWriterClosed() || (!seen && timeoutNanos > 0 && isWriterDead());
            if (ended && !hasFrame()) {
                throw new RingClosedException("ring has ended: writerPid="
                        + Words.longOpaque(memory, RingLayout.WRITER_PID)
                        + " state=" + (isWriterClosed() ? "closed" : "died") + " position=" + position + " path="
                        + file.path());
            }
            if (left <= PATIENCE_NANOS || Thread.currentThread().isInterrupted()) {
                return hasFrame();
            }
        }
    }

    private RingClosedException closedHere() {
        return new RingClosedException("follower is closed: position=" + position + " path=" + file.path());
    }

    private boolean somethingToSee() {
        return guard.isClosed() || hasFrame() || isWriterClosed();
    }

    private boolean hasFrame() {
        return Words.longAcquire(memory, shape.data() + (position & (shape.capacity() - 1))) != 0 || isOvertaken();
    }

    private boolean isWriterClosed() {
        return Words.longAcquire(memory, RingLayout.WRITER_STATE) == RingLayout.WRITER_CLOSED;
    }

    private boolean isWriterDead() {
        return Words.longAcquire(memory, RingLayout.WRITER_STATE) == RingLayout.WRITER_OPEN
                && !file.isLockedByOther(RingLayout.WRITER_LOCK);
    }

    /**
     * Where this follower is, from the ring's beginning.
     *
     * @return bytes
     */
    public long position() {
        return position;
    }

    /**
     * What it was too slow for.
     *
     * @return bytes skipped so far
     */
    public long lostBytes() {
        return lostBytes;
    }

    /**
     * Any thread, a handler's too; a waiting thread is sent away. The memory goes at once, or when the poll or wait that is
     * under way has ended. Idempotent.
     */
    @Override
    public void close() {
        if (guard.close()) {
            guard.leaveTo(file::close);
        }
    }
}
