package dev.rollcall.shm;

import dev.rollcall.shm.ControlledFrameHandler.Action;
import dev.rollcall.shm.os.MappedFile;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a ring, in a slot of its own. One thread; {@link #close()} from any. A handler neither polls nor awaits on the
 * reader that called it.
 *
 * <h2>Joining</h2>
 *
 * Takes the slot's lock, so that a second reader is refused and the death of this one is provable; then position =
 * tail, state = JOINING, full fence, position = tail again, state = ACTIVE. The fence pairs with the writer's before its scan:
 * either the writer sees this reader, or this reader sees a tail the writer had not passed when it looked. Both states hold the
 * writer back, but only an active reader is one that was waited for: had it been active before it settled, it could begin behind
 * what a writer wrote for it.
 *
 * <h2>Eviction</h2>
 *
 * The reader looks at its state after each header it loads. In a ring read in place that only tells it early: a frame seen in
 * place has no protection, so there only the slots of the proven dead are taken away. In a copy-out ring the handler gets
 * a copy, and the state is looked at once more between the copy and the handler: the evictor marks the slot, fences, and
 * only then overwrites, so a copy that was finished while the slot was still ours is whole. Fragments are copied and
 * checked the same way in every ring.
 *
 * <p>No length is trusted: what lies between the position and one capacity further on is all that can ever be handed out.
 *
 * <h2>Closing</h2>
 *
 * Whatever this reader's thread does with the memory, handlers and waits included, is one visit under the guard, and who
 * closes leaves the unmapping to the visit under way. The slot is marked as left at once, which the visit learns as it would of
 * an eviction; its lock goes with the mapping. So what the visit still stores, its position above all, is in the slot before
 * the next reader can have it, and holds nobody back, for the slot has been left: close need not wait for it.
 */
public final class RingReader implements AutoCloseable {
    private static final long PATIENCE_NANOS = 200_000_000;
    private static final int JOIN_ATTEMPTS = 1_000;

    private final MappedFile file;
    private final MemorySegment memory;
    private final long address;
    private final RingShape shape;
    private final WaitCell spaceCell;
    private final Waiter waiter;
    private final BooleanSupplier somethingToSee = this::somethingToSee;
    private final int slot;
    private final long stateAt;
    private final long positionAt;
    private final long messagesAt;
    private final long data;
    private final long mask;
    private final long mostUnread;
    private final boolean wakeups;
    private final boolean copyOut;
    private final CopyBuffer copy = new CopyBuffer();
    private final Unconditional unconditional = new Unconditional();
    private @Nullable FragmentAssembler assembler;

    private long activeWord;
    private long position;
    private long messages;
    private final CloseGuard guard = new CloseGuard();

    private RingReader(MappedFile file, int slot) {
        this.file = file;
        this.memory = file.memory();
        this.address = memory.address();
        this.shape = RingShape.of(memory);
        this.slot = slot;
        this.stateAt = RingLayout.slot(slot) + RingLayout.SLOT_STATE;
        this.positionAt = RingLayout.slot(slot) + RingLayout.SLOT_POSITION;
        this.messagesAt = RingLayout.slot(slot) + RingLayout.SLOT_MESSAGES;
        this.data = shape.data();
        this.mask = shape.capacity() - 1;
        this.mostUnread = shape.capacity() - RingLayout.HEADER_BYTES;
        this.wakeups = shape.has(RingLayout.FLAG_WAKEUPS);
        this.copyOut = shape.has(RingLayout.FLAG_COPY_OUT);
        this.spaceCell = new WaitCell(memory, RingLayout.SPACE_CELL);
        this.waiter = new Waiter(new WaitCell(memory, RingLayout.DATA_CELL), wakeups);
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
            int slots = RingShape.of(m).slots();
            if (slot < 0 || slot >= slots) {
                throw new IllegalArgumentException("no such reader slot: slot=" + slot + " slots=" + slots);
            }
            if (!mapped.tryLock(RingLayout.READER_LOCKS + slot)) {
                throw new SegmentInUseException("reader slot is taken: slot=" + slot + " pid="
                        + Words.longOpaque(m, RingLayout.slot(slot) + RingLayout.SLOT_PID) + " path=" + file);
            }
            Steps.at("ring.join.locked");
            return new RingReader(mapped, slot);
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    private void enter() {
        long former = Words.longAcquire(memory, stateAt);
        long joiningWord = ReaderState.JOINING.word(ReaderState.generation(former) + 1);
        activeWord = ReaderState.ACTIVE.word(ReaderState.generation(former) + 1);
        RingLayout.identify(
                memory, RingLayout.slot(slot) + RingLayout.SLOT_PID, RingLayout.slot(slot) + RingLayout.SLOT_START);
        Words.longRelease(memory, positionAt, RingLayout.tail(memory));
        Words.longRelease(memory, stateAt, joiningWord);
        Steps.at("ring.join.announced");
        VarHandle.fullFence();
        // The count belongs to the tail only while the frame at that tail is not there: it is raised before the tail is.
        int attempts = JOIN_ATTEMPTS;
        do {
            position = RingLayout.tail(memory);
            messages = Words.longAcquire(memory, RingLayout.MESSAGES);
        } while (hasFrame() && --attempts > 0);
        Words.longOpaque(memory, messagesAt, messages);
        Words.longRelease(memory, positionAt, position);
        Steps.at("ring.join.positioned");
        Words.longRelease(memory, stateAt, activeWord);
        Steps.at("ring.join.active");
        spaceCell.signal(); // whoever awaits readers
    }

    /**
     * Comes back after an eviction, at the writer's tail; what lies between is lost to this reader. Only the object that was
     * evicted can: while it lives, nobody else may use its slot.
     *
     * @throws IllegalStateException when it was not evicted, or a handler asks
     * @throws RingClosedException   when this reader was closed
     */
    public synchronized void rejoin() {
        requireOutside();
        if (guard.isClosed()) {
            throw closedHere();
        }
        if (ReaderState.of(Words.longAcquire(memory, stateAt)) != ReaderState.EVICTED) {
            throw new IllegalStateException("reader was not evicted: slot=" + slot + " path=" + file.path());
        }
        assembler = null;
        enter();
    }

    /**
     * Chooses how {@link #await} waits.
     *
     * @param strategy default {@link WaitStrategy#adaptive()}, or {@link WaitStrategy#backingOff()} without wake-ups
     * @return this
     */
    public RingReader waiting(WaitStrategy strategy) {
        waiter.strategy(strategy);
        return this;
    }

    /**
     * Hands out up to {@code limit} messages that are there now; the position moves at the end. When the handler throws,
     * that message counts as read and the exception passes on. Parts of a message still being written are taken in and do
     * not count: 0 may mean that something has moved.
     *
     * @param handler sees each message in place, or a copy in a copy-out ring
     * @param limit   most messages
     * @return how many were handed out
     * @throws ReaderEvictedException       when the writer took the slot away
     * @throws IncompatibleSegmentException when what lies there is no frame
     * @throws RingClosedException          when this reader was closed
     * @throws IllegalStateException        when a handler of this reader asks
     */
    public int poll(FrameHandler handler, int limit) {
        visit();
        try {
            return copyOut ? pollAnything(handler, limit) : pollPlain(handler, limit);
        } finally {
            guard.exitLast();
        }
    }

    /** The mark is one, and who left twice would leave the memory to whoever closes while still in it. */
    private void visit() {
        requireOutside();
        if (!guard.enterToStay()) {
            throw closedHere();
        }
    }

    private void requireOutside() {
        if (guard.isInside()) {
            throw guard.isClosed() ? closedHere()
                    : new IllegalStateException("a handler neither polls, awaits nor rejoins on its own reader: slot="
                            + slot + " path=" + file.path());
        }
    }

    private int pollPlain(FrameHandler handler, int limit) {
        long start = position;
        long at = start;
        int frames = 0;
        boolean plain = true;
        try {
            while (frames < limit) {
                long header = header(at);
                if (header == 0) {
                    break;
                }
                plain = RingLayout.flags(header) == 0;
                if (!plain) {
                    break;
                }
                long payload = data + (at & mask) + RingLayout.HEADER_BYTES;
                int length = shape.frameLength(header, at, mostUnread - (at - start));
                at += RingLayout.aligned(length);
                frames++;
                Steps.at("ring.poll.frame-found");
                handler.onFrame(RingLayout.typeId(header), memory, payload, length - RingLayout.HEADER_BYTES);
            }
        } finally {
            if (at != start) {
                moveTo(at, frames);
            }
        }
        return plain ? frames : frames + pollAnything(handler, limit - frames);
    }

    /** The header of a frame that is still ours, or 0. Unchecked, as all stays mapped during a visit. */
    private long header(long at) {
        long header = RawMemory.longAcquire(address + data + (at & mask));
        long state = RawMemory.longAcquire(address + stateAt);
        if (header != 0 && state != activeWord) {
            throw gone(state);
        }
        return header;
    }

    /** Padding, fragments and copies, which the short loop above is spared. */
    private int pollAnything(FrameHandler handler, int limit) {
        unconditional.target = handler;
        try {
            return pollControlled(unconditional, limit);
        } finally {
            unconditional.target = null;
        }
    }

    /**
     * As {@link #poll}, with the handler saying after each message how to go on.
     *
     * @param handler sees each message
     * @param limit   most messages
     * @return how many were read
     * @throws ReaderEvictedException       when the writer took the slot away
     * @throws IncompatibleSegmentException when what lies there is no frame
     * @throws RingClosedException          when this reader was closed
     * @throws IllegalStateException        when a handler of this reader asks
     */
    public int controlledPoll(ControlledFrameHandler handler, int limit) {
        visit();
        try {
            return pollControlled(handler, limit);
        } finally {
            guard.exitLast();
        }
    }

    private int pollControlled(ControlledFrameHandler handler, int limit) {
        long start = position;
        long at = start;
        int frames = 0;
        int committed = 0;
        try {
            while (frames < limit) {
                long header = header(at);
                if (header == 0) {
                    break;
                }
                long payload = data + (at & mask) + RingLayout.HEADER_BYTES;
                int length = shape.frameLength(header, at, mostUnread - (at - start));
                long before = at;
                long next = at + RingLayout.aligned(length);
                if (RingLayout.flags(header) != 0 && !isMessage(header, payload, length)) {
                    at = next;
                    continue;
                }
                // An eviction while copying must leave this frame unread, an exception of the handler must not.
                MemorySegment copied = copyOut && RingLayout.flags(header) == 0 ? copied(payload, length) : memory;
                at = next;
                frames++;
                Action action = handOut(handler, header, copied, payload, length);
                if (action == Action.ABORT) {
                    at = before;
                    frames--;
                    takeBack(header, length);
                    break;
                } else if (action == Action.BREAK) {
                    break;
                } else if (action == Action.COMMIT) {
                    moveTo(at, frames - committed);
                    start = at;
                    committed = frames;
                }
            }
        } finally {
            if (at != start) {
                moveTo(at, frames - committed);
            }
        }
        return frames;
    }

    private Action handOut(ControlledFrameHandler handler, long header, MemorySegment copied, long payload,
            int length) {
        int typeId = RingLayout.typeId(header);
        if (RingLayout.flags(header) != 0) {
            FragmentAssembler whole = assembler();
            return handler.onFrame(typeId, whole.message(), 0, whole.length());
        }
        return handler.onFrame(typeId, copied, copyOut ? 0 : payload, length - RingLayout.HEADER_BYTES);
    }

    private MemorySegment copied(long payload, int length) {
        long bytes = (long) length - RingLayout.HEADER_BYTES;
        MemorySegment target = copy.atLeast(bytes, 0);
        MemorySegment.copy(memory, payload, target, 0, bytes);
        Steps.at("ring.poll.frame-copied");
        VarHandle.acquireFence();
        requireNotEvicted();
        return target;
    }

    /** Padding is nothing, a fragment a message only when it completes one; others have passed by unseen and are counted. */
    private boolean isMessage(long header, long payload, int length) {
        int flags = RingLayout.flags(header);
        if ((flags & RingLayout.FLAG_FRAGMENT) == 0) {
            return false;
        }
        FragmentAssembler assembling = assembler();
        try {
            assembling.accept(memory, payload, (long) length - RingLayout.HEADER_BYTES);
        } finally {
            Steps.at("ring.poll.fragment-copied");
            VarHandle.acquireFence();
            requireNotEvicted(); // in place of whatever an overwritten fragment looked like
        }
        boolean last = (flags & RingLayout.FLAG_LAST) != 0;
        boolean message = last && assembling.isComplete();
        messages += last && !message ? 1 : 0;
        return message;
    }

    private void takeBack(long header, int length) {
        if (RingLayout.flags(header) != 0) {
            assembler().undo((long) length - RingLayout.HEADER_BYTES);
        }
    }

    private FragmentAssembler assembler() {
        FragmentAssembler existing = assembler;
        if (existing == null) {
            existing = new FragmentAssembler(shape.maxMessage());
            assembler = existing;
        }
        return existing;
    }

    private void moveTo(long at, int frames) {
        Steps.at("ring.poll.frames-handled");
        position = at;
        messages += frames;
        RawMemory.longOpaque(address + messagesAt, messages);
        RawMemory.longRelease(address + positionAt, at);
        Steps.at("ring.poll.position-stored");
        if (wakeups) {
            spaceCell.signal();
        }
    }

    private void requireNotEvicted() {
        long word = Words.longAcquire(memory, stateAt);
        if (word != activeWord) {
            throw gone(word);
        }
    }

    /** Whoever closed this reader has left its slot, and may have done so between our entry and our look. */
    private RollcallException gone(long word) {
        return guard.isClosed() ? closedHere()
                : new ReaderEvictedException("reader slot was taken away: slot=" + slot + " state="
                        + ReaderState.of(word) + " position=" + position);
    }

    /**
     * Waits for a frame.
     *
     * @param timeoutNanos at most this long, nanoseconds; zero or less looks once
     * @return true when a frame is there; false when time is up or the thread was interrupted
     * @throws RingClosedException    when all has been read and the writer closed the ring or died, or this reader is closed
     * @throws ReaderEvictedException when the writer took the slot away
     * @throws IllegalStateException  when a handler of this reader asks
     */
    public boolean await(long timeoutNanos) {
        visit();
        try {
            return hasFrame() || awaitFrame(timeoutNanos);
        } finally {
            guard.exitLast();
        }
    }

    /** In slices, because nobody can wake a reader whose writer has died. */
    private boolean awaitFrame(long timeoutNanos) {
        long start = System.nanoTime();
        while (true) {
            long left = Math.max(0, timeoutNanos) - (System.nanoTime() - start);
            boolean seen = waiter.await(somethingToSee, Math.min(left, PATIENCE_NANOS));
            if (guard.isClosed()) {
                throw closedHere();
            }
            requireNotEvicted();
            if (hasFrame()) {
                return true;
            }
            if (writerHasClosed() || (!seen && timeoutNanos > 0 && isWriterDead())) {
                if (hasFrame()) {
                    return true; // its last words came between the two looks
                }
                throw new RingClosedException(
                        "ring has ended: writerPid=" + Words.longOpaque(memory, RingLayout.WRITER_PID)
                                + " state=" + (writerHasClosed() ? "closed" : "died") + " position=" + position
                                + " path=" + file.path());
            }
            if (left <= PATIENCE_NANOS || Thread.currentThread().isInterrupted()) {
                return false;
            }
        }
    }

    private RingClosedException closedHere() {
        return new RingClosedException("reader is closed: slot=" + slot + " path=" + file.path());
    }

    private boolean somethingToSee() {
        return guard.isClosed() || hasFrame() || writerHasClosed() || Words.longAcquire(memory, stateAt) != activeWord;
    }

    private boolean hasFrame() {
        return Words.longAcquire(memory, data + (position & mask)) != 0;
    }

    /**
     * Whether the writer closed the ring; frames may still be unread.
     *
     * @return true once closed
     * @throws RingClosedException when this reader is closed
     */
    public boolean isWriterClosed() {
        return file.look(this::writerHasClosed, () -> {
            throw closedHere();
        });
    }

    private boolean writerHasClosed() {
        return Words.longAcquire(memory, RingLayout.WRITER_STATE) == RingLayout.WRITER_CLOSED;
    }

    private boolean isWriterDead() {
        return Words.longAcquire(memory, RingLayout.WRITER_STATE) == RingLayout.WRITER_OPEN
                && !file.isLockedByOther(RingLayout.WRITER_LOCK);
    }

    /**
     * Whether a living writer has this ring open and this reader still has its slot. One system call.
     *
     * @return true while messages can come
     */
    public boolean isConnected() {
        return file.look(() -> !guard.isClosed()
                && Words.longAcquire(memory, stateAt) == activeWord
                && Words.longAcquire(memory, RingLayout.WRITER_STATE) == RingLayout.WRITER_OPEN
                && file.isLockedByOther(RingLayout.WRITER_LOCK), () -> false);
    }

    /**
     * How far this reader is behind the writer.
     *
     * @return in messages and bytes
     * @throws RingClosedException when this reader is closed
     */
    public ReaderLag lag() {
        return file.look(() -> RingObserver.lag(memory, slot), () -> {
            throw closedHere();
        });
    }

    /**
     * Bytes read, from the ring's beginning.
     *
     * @return the position
     */
    public long position() {
        return position;
    }

    /**
     * Leaves: the writer is no longer held back. Any thread, a handler's too; a waiting thread is sent away. A handler that
     * is in the middle of a frame may see it overwritten. The memory goes, and the slot is free for another reader, at once
     * or when the poll or wait that is under way has ended. Idempotent.
     */
    @Override
    public synchronized void close() {
        if (!guard.close()) {
            return;
        }
        long left = ReaderState.LEFT.word(ReaderState.generation(activeWord));
        boolean _ = Words.longCas(memory, stateAt, activeWord, left);
        Steps.at("ring.leave.marked");
        try {
            waiter.sendAway();
            spaceCell.signal();
        } finally {
            guard.leaveTo(file::close);
        }
    }

    /** Lets a plain handler take part in a controlled poll, without an object per poll. */
    private static final class Unconditional implements ControlledFrameHandler {
        private @Nullable FrameHandler target;

        @Override
        public Action onFrame(int typeId, MemorySegment buffer, long offset, long length) {
            if (target != null) {
                target.onFrame(typeId, buffer, offset, length);
            }
            return Action.CONTINUE;
        }
    }
}
