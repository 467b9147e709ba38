package dev.rollcall.shm;

import dev.rollcall.shm.os.MappedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * One reader of a ring, in a slot of its own. One thread; {@link #close()} from any.
 *
 * <p>Joining takes the slot's lock, so that a second reader is refused and the death of this one is provable; then position =
 * tail, state = ACTIVE, full fence, position = tail again. The fence pairs with the writer's before its scan: either the
 * writer sees this reader, or this reader sees a tail the writer had not passed when it looked.
 */
public final class RingReader implements AutoCloseable {
    private final MappedFile file;
    private final MemorySegment memory;
    private final WaitCell dataCell;
    private final WaitCell spaceCell;
    private final BooleanSupplier somethingToSee = this::somethingToSee;
    private final int slot;
    private final long slotAt;
    private final long data;
    private final long capacity;
    private final long mask;
    private final boolean wakeups;
    private final long activeWord;

    private long position;
    private long messages;
    private volatile boolean closed;

    private RingReader(MappedFile file, int slot) {
        this.file = file;
        this.memory = file.memory();
        this.slot = slot;
        this.slotAt = RingLayout.slot(slot);
        this.dataCell = new WaitCell(memory, RingLayout.DATA_CELL);
        this.spaceCell = new WaitCell(memory, RingLayout.SPACE_CELL);
        this.data = memory.get(ValueLayout.JAVA_LONG, RingLayout.DATA_AT);
        this.capacity = memory.get(ValueLayout.JAVA_LONG, RingLayout.CAPACITY_AT);
        this.mask = capacity - 1;
        this.wakeups = (memory.get(ValueLayout.JAVA_INT, RingLayout.FLAGS_AT) & RingLayout.FLAG_WAKEUPS) != 0;
        long former = Words.longAcquire(memory, slotAt + RingLayout.SLOT_STATE);
        this.activeWord = ReaderState.ACTIVE.word(ReaderState.generation(former) + 1);
        enter();
    }

    /**
     * Joins at the writer's tail: sees every frame published from now on.
     *
     * @param file the ring
     * @param slot which reader to be, from 0
     * @return the reader
     * @throws SegmentInUseException when a living reader has that slot
     */
    public static RingReader join(Path file, int slot) {
        MappedFile mapped = RingLayout.open(file, false);
        try {
            MemorySegment m = mapped.memory();
            int slots = m.get(ValueLayout.JAVA_INT, RingLayout.SLOTS_AT);
            if (slot < 0 || slot >= slots) {
                throw new IllegalArgumentException("no such reader slot: slot=" + slot + " slots=" + slots);
            }
            if (!mapped.tryLock(RingLayout.READER_LOCKS + slot)) {
                throw new SegmentInUseException("reader slot is taken: slot=" + slot + " pid="
                        + Words.longOpaque(m, RingLayout.slot(slot) + RingLayout.SLOT_PID) + " path=" + file);
            }
            return new RingReader(mapped, slot);
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    private void enter() {
        RingLayout.identify(memory, slotAt + RingLayout.SLOT_PID, slotAt + RingLayout.SLOT_START);
        Words.longRelease(memory, slotAt + RingLayout.SLOT_POSITION, Words.longAcquire(memory, RingLayout.TAIL));
        Words.longRelease(memory, slotAt + RingLayout.SLOT_STATE, activeWord);
        VarHandle.fullFence();
        position = Words.longAcquire(memory, RingLayout.TAIL);
        messages = Words.longOpaque(memory, RingLayout.MESSAGES);
        Words.longOpaque(memory, slotAt + RingLayout.SLOT_MESSAGES, messages);
        Words.longRelease(memory, slotAt + RingLayout.SLOT_POSITION, position);
        spaceCell.signal(); // whoever awaits readers
    }

    /**
     * Hands out up to {@code limit} frames that are there now; the position moves once, at the end. When the handler throws,
     * that frame counts as read and the exception passes on.
     *
     * @param handler sees each frame in place
     * @param limit   most frames
     * @return how many were handed out
     * @throws ReaderEvictedException when the writer took the slot away
     */
    public int poll(FrameHandler handler, int limit) {
        long at = position;
        int frames = 0;
        try {
            while (frames < limit) {
                long header = Words.longAcquire(memory, data + (at & mask));
                if (header == 0) {
                    break;
                }
                requireNotEvicted();
                long payload = data + (at & mask) + RingLayout.HEADER_BYTES;
                int length = checkedLength(header, at);
                at += RingLayout.aligned(length);
                if ((RingLayout.flags(header) & RingLayout.FLAG_PADDING) == 0) {
                    frames++;
                    handler.onFrame(RingLayout.typeId(header), memory, payload, length - RingLayout.HEADER_BYTES);
                }
            }
        } finally {
            if (at != position) {
                moveTo(at, frames);
            }
        }
        return frames;
    }

    private void moveTo(long at, int frames) {
        position = at;
        messages += frames;
        Words.longOpaque(memory, slotAt + RingLayout.SLOT_MESSAGES, messages);
        Words.longRelease(memory, slotAt + RingLayout.SLOT_POSITION, at);
        if (wakeups) {
            spaceCell.signal();
        }
    }

    private int checkedLength(long header, long at) {
        int length = RingLayout.frameLength(header);
        if (length < RingLayout.HEADER_BYTES || length > capacity - RingLayout.HEADER_BYTES) {
            throw new IncompatibleSegmentException(
                    "ring holds no frame here: position=" + at + " frameLength=" + length + " capacity="
                            + capacity + " path=" + file.path());
        }
        return length;
    }

    private void requireNotEvicted() {
        long word = Words.longAcquire(memory, slotAt + RingLayout.SLOT_STATE);
        if (word != activeWord) {
            throw new ReaderEvictedException(
                    "reader slot was taken away: slot=" + slot + " state=" + ReaderState.of(word) + " position="
                            + position);
        }
    }

    /**
     * Waits for a frame.
     *
     * @param timeoutNanos at most this long, nanoseconds; zero looks once
     * @return true when a frame is there; false when time is up or the thread was interrupted
     * @throws RingClosedException when all has been read and the writer closed the ring or died
     */
    public boolean await(long timeoutNanos) {
        boolean seen = dataCell.await(somethingToSee, timeoutNanos);
        if (closed) {
            throw new RingClosedException("reader is closed: slot=" + slot + " path=" + file.path());
        }
        if (hasFrame()) {
            return true;
        }
        if (isWriterClosed() || (!seen && isWriterDead())) {
            if (hasFrame()) {
                return true; // its last words came between the two looks
            }
            throw new RingClosedException("ring has ended: writerPid=" + Words.longOpaque(memory, RingLayout.WRITER_PID)
                    + " state="
                    + (isWriterClosed() ? "closed" : "died") + " position=" + position + " path=" + file.path());
        }
        return false;
    }

    private boolean somethingToSee() {
        return closed || hasFrame() || isWriterClosed();
    }

    private boolean hasFrame() {
        return Words.longAcquire(memory, data + (position & mask)) != 0;
    }

    /**
     * Whether the writer closed the ring; frames may still be unread.
     *
     * @return true once closed
     */
    public boolean isWriterClosed() {
        return Words.longAcquire(memory, RingLayout.WRITER_STATE) == RingLayout.WRITER_CLOSED;
    }

    private boolean isWriterDead() {
        return Words.longAcquire(memory, RingLayout.WRITER_STATE) == RingLayout.WRITER_OPEN
                && !file.isLockedByOther(RingLayout.WRITER_LOCK);
    }

    /**
     * Bytes read, from the ring's beginning.
     *
     * @return the position
     */
    public long position() {
        return position;
    }

    /** Leaves: the slot is free, the writer no longer held back. Any thread; a waiting thread is sent away. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        dataCell.close();
        long left = ReaderState.LEFT.word(ReaderState.generation(activeWord));
        boolean _ = Words.longCas(memory, slotAt + RingLayout.SLOT_STATE, activeWord, left);
        spaceCell.signal();
        file.close();
    }
}
