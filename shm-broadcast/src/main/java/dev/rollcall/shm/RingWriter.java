package dev.rollcall.shm;

import dev.rollcall.shm.os.MappedFile;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a ring. One thread at a time; {@link #close()} from any.
 *
 * <h2>Protocol</h2>
 *
 * Frames lie back to back. A frame is published by one release store of its header; a reader polls only the header at its
 * own position, so the writer zeroes the <em>next</em> header before it publishes this one. That zeroed header needs space
 * too: the space test is {@code tail + frame + 8 <= slowest + capacity}. Without those 8 bytes a ring filled to the last
 * byte would have its oldest unread header zeroed, and both sides would wait for ever.
 *
 * <p>Header words are reached at {@code position & mask} only, through the first mapping, and never by plain access; payload
 * is reached through one address, which may run on into the second mapping. Plain access to one word through both mappings
 * in one loop is miscompiled: to the compiler these are two places.
 *
 * <p>The writer knows a limit up to which it may write and looks at the readers only when that is used up: its tail is
 * stored (at every commit), then a full fence, then the scan. A joining reader does the mirror image (state, full fence,
 * tail), so either the scan sees the reader or the reader sees the tail. With no reader the limit is tail + capacity and not
 * "unbounded": a later joiner must find the tail it reads not yet overtaken.
 *
 * <p>A ring made for followers, whom nothing protects, has that limit published as its claim limit before anything is stored
 * below it, a sixteenth of the ring at a time: a follower that copied a frame keeps the copy only if the claim limit it reads
 * afterwards lies within one capacity of the frame.
 *
 * <p>What is longer than a frame goes out in fragments of a quarter of the ring. A writer that runs out of time in the middle
 * just stops: the next first fragment, or the ring's end, tells readers to forget the rest.
 *
 * <h2>Closing</h2>
 *
 * Another thread may close the ring in the midst of two things. What is short, a publication, is waited for: a reader that sees
 * the ring's end and no frame takes it that there is none to come. What may last, an open claim or a wait for space, is not:
 * the ring ends for its readers at once, the claim is refused when it is committed, and the memory stays until then. Who closes
 * a ring with a claim of its own open gives that claim up: nobody else would.
 */
public final class RingWriter implements AutoCloseable {
    /** No space: the slowest reader holds it. */
    public static final long BACK_PRESSURED = -1;
    /** The ring is closed. */
    public static final long CLOSED = -2;

    private final MappedFile file;
    private final MemorySegment memory;
    private final RingShape shape;
    private final WaitCell dataCell;
    private final SoleWaker dataWaker;
    private final Waiter spaceWaiter;
    private final ReaderSlots readers;
    private final SpaceSearch space;
    private final Runnable ring = this::ring;
    private final Batch batch = new Batch();
    private final long address;
    private final long data;
    private final long mask;
    private final int maxPayload;
    private final long stride;
    private final boolean wakeups;
    private @Nullable WaitCell doorbell;
    private boolean batching;
    private boolean signals;
    private long tail;
    private long messages;
    private long fragmented;
    private long claimed;
    private int claimedPayload;
    private final CloseGuard guard = new CloseGuard();

    private RingWriter(MappedFile file) {
        this.file = file;
        this.memory = file.memory();
        this.address = memory.address();
        this.shape = RingShape.of(memory);
        this.data = address + shape.data();
        this.mask = shape.capacity() - 1;
        this.maxPayload = shape.maxPayload();
        this.stride = RingLayout.aligned(1);
        this.wakeups = shape.has(RingLayout.FLAG_WAKEUPS);
        this.signals = wakeups;
        this.dataCell = new WaitCell(memory, RingLayout.DATA_CELL);
        this.dataWaker = new SoleWaker(dataCell);
        this.spaceWaiter = new Waiter(new WaitCell(memory, RingLayout.SPACE_CELL), wakeups);
        this.readers = new ReaderSlots(file, shape.slots());
        this.space = new SpaceSearch(file, shape, readers, guard, spaceWaiter);
    }

    /**
     * Creates a ring's file, which has no writer yet. Any thread.
     *
     * @param file   must not exist
     * @param config its shape
     * @throws NoSpaceException when it does not fit
     */
    public static void createFile(Path file, RingConfig config) {
        RingLayout.create(file, config).close();
    }

    /**
     * Creates a ring and becomes its writer.
     *
     * @param file   must not exist
     * @param config its shape
     * @return the writer
     */
    public static RingWriter create(Path file, RingConfig config) {
        createFile(file, config);
        return own(file);
    }

    /**
     * Becomes the writer of a ring that has never had one.
     *
     * @param file the ring
     * @return the writer
     * @throws SegmentInUseException when it has a living writer
     * @throws RingClosedException   when it had one: a ring whose writer died is closed for good, never adopted
     */
    public static RingWriter own(Path file) {
        MappedFile mapped = RingLayout.open(file, false);
        try {
            MemorySegment m = mapped.memory();
            if (!mapped.tryLock(RingLayout.WRITER_LOCK)) {
                throw new SegmentInUseException(
                        "ring has a writer: pid=" + Words.longOpaque(m, RingLayout.WRITER_PID) + " path=" + file);
            }
            Steps.at("ring.own.locked");
            long state = Words.longAcquire(m, RingLayout.WRITER_STATE);
            if (state != RingLayout.WRITER_NEW) {
                throw new RingClosedException(
                        "ring had a writer: pid=" + Words.longOpaque(m, RingLayout.WRITER_PID) + " state="
                                + (state == RingLayout.WRITER_OPEN ? "died" : "closed") + " path=" + file);
            }
            RingLayout.identify(m, RingLayout.WRITER_PID, RingLayout.WRITER_START);
            Words.longRelease(m, RingLayout.WRITER_STATE, RingLayout.WRITER_OPEN);
            return new RingWriter(mapped);
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    /**
     * Has every commit signal this cell too: one fence more, so give the ring itself no wake-ups then.
     *
     * @param cell of whoever polls several rings; its memory outlives this writer
     * @return this
     */
    public RingWriter doorbell(WaitCell cell) {
        doorbell = cell;
        signals = !batching;
        return this;
    }

    /**
     * Chooses how {@link #write} and {@link #awaitReaders} wait.
     *
     * @param strategy default {@link WaitStrategy#adaptive()}, or {@link WaitStrategy#backingOff()} without wake-ups
     * @return this
     */
    public RingWriter waiting(WaitStrategy strategy) {
        spaceWaiter.strategy(strategy);
        return this;
    }

    /**
     * Claims space for one frame. Must be followed by {@link #commit} or {@link #abort} on the same thread, until which the
     * memory stays, whoever closes the ring meanwhile.
     *
     * @param length of the payload, bytes
     * @return where the payload goes in {@link #buffer()}, or {@link #BACK_PRESSURED} or {@link #CLOSED}
     * @throws IllegalArgumentException when it is longer than {@link #maxPayload()}
     */
    public long tryClaim(int length) {
        requireNoClaim();
        if (!guard.enterToStay(Thread.currentThread())) {
            return CLOSED;
        }
        long at = BACK_PRESSURED;
        try {
            at = reserve(length);
        } finally {
            if (at < 0) {
                guard.exitLast();
            }
        }
        return at < 0 ? noSpace() : at;
    }

    private void requireNoClaim() {
        if (claimed != 0 && !guard.isClosed()) {
            throw new IllegalStateException("a claim is open: claimedBytes=" + claimed);
        }
    }

    /** Space for one frame, which only this object knows of, or {@link #BACK_PRESSURED}. */
    private long reserve(int length) {
        long frame = frame(length);
        if (!hasSpace(frame)) {
            return BACK_PRESSURED;
        }
        claimed = frame;
        claimedPayload = length;
        Steps.at("ring.claim.claimed");
        return payload();
    }

    /** Bytes that such a payload takes. */
    private long frame(long length) {
        if (length < 0 || length > maxPayload) {
            throw new IllegalArgumentException("payload does not fit: length=" + length + " maxPayload=" + maxPayload);
        }
        return RingLayout.aligned(RingLayout.HEADER_BYTES + length);
    }

    private boolean hasSpace(long frame) {
        long needed = tail + frame + RingLayout.HEADER_BYTES;
        return needed <= space.limit() || space.find(needed, tail);
    }

    /** Where the next frame's payload goes, in {@link #buffer()}. */
    private long payload() {
        return data - address + (tail & mask) + RingLayout.HEADER_BYTES;
    }

    private long noSpace() {
        if (batching) {
            boolean _ = guard.briefly(ring); // or readers asleep before frames they were not told of would never make room
        }
        return guard.isClosed() ? CLOSED : BACK_PRESSURED;
    }

    /**
     * The ring's memory.
     *
     * @return where claimed payload goes; store nothing outside the claim
     */
    public MemorySegment buffer() {
        return memory;
    }

    /**
     * Publishes the claimed frame.
     *
     * @param typeId 0 to 2^24 - 1, handed to the readers
     * @throws RingClosedException when the ring was closed since the claim
     */
    public void commit(int typeId) {
        RingLayout.checkType(typeId);
        publish(header(typeId, 0, claimedPayload), 1);
    }

    /**
     * Gives the claim up; its space passes the readers unseen.
     *
     * @throws RingClosedException when the ring was closed since the claim
     */
    public void abort() {
        publish(RingLayout.header(0, RingLayout.FLAG_PADDING, claimed), 0);
    }

    private void publish(long header, int counts) {
        if (claimed == 0) {
            throw new IllegalStateException("nothing is claimed");
        }
        if (!guard.enter()) {
            throw closedHere();
        }
        try {
            store(header, counts, tail, tail + claimed);
            if (signals) {
                ring();
            }
        } finally {
            guard.exitLast();
        }
    }

    /** Publishes one frame at the tail, where there is space; false when the ring was closed. What cannot be copied leaves nothing. */
    private boolean publish(long header, int counts, MemorySegment source, long offset, long length, long frame) {
        if (!guard.enter()) {
            return false;
        }
        try {
            long behind = data + (tail & mask) + RingLayout.frameLength(header);
            MemorySegment.copy(source, offset, RawMemory.ALL, behind - length, length);
            store(header, counts, tail, tail + frame);
            if (signals) {
                ring();
            }
        } finally {
            guard.exit();
        }
        return true;
    }

    /** Under the guard, so every address is mapped. All is read before the first store: each has the compiler read anew. */
    private void store(long header, int counts, long start, long end) {
        long ringData = data;
        long offsets = mask;
        long messagesAt = address + RingLayout.MESSAGES;
        long tailAt = address + RingLayout.TAIL;
        long count = messages + counts;
        RawMemory.longOpaque(ringData + (end & offsets), 0L);
        Steps.at("ring.publish.next-zeroed");
        RawMemory.longRelease(ringData + (start & offsets), header);
        tail = end; // not before: a tail beyond a frame without a header would be a hole
        messages = count;
        claimed = 0;
        Steps.at("ring.publish.header-stored");
        RawMemory.longOpaque(messagesAt, count);
        RawMemory.longRelease(tailAt, end);
        Steps.at("ring.publish.tail-stored");
    }

    private void ring() {
        if (wakeups) {
            dataWaker.signal();
        }
        if (doorbell != null) {
            doorbell.signal();
        }
    }

    /** By whoever closes, which may be another thread while the writer rings in a visit that stays. */
    private void ringAmongOthers() {
        if (wakeups) {
            dataCell.signal();
        }
        if (doorbell != null) {
            doorbell.signal();
        }
    }

    /**
     * Until the batch is closed, commits, offers and writes wake nobody: at most one fence and one wake for all of them. Polling
     * readers see each frame at once all the same, and a full ring wakes the readers early. Not nested.
     *
     * Use: {@code try (var _ = writer.batch()) { ... }}.
     *
     * @return always the same object
     */
    public Batch batch() {
        batching = true;
        signals = false;
        return batch;
    }

    /** Ends a batch; see {@link RingWriter#batch()}. The writer's thread. */
    public final class Batch implements AutoCloseable {
        private Batch() {
        }

        /** Wakes whoever waits for what was published since the batch began. Idempotent. */
        @Override
        public void close() {
            if (batching) {
                batching = false;
                signals = wakeups || doorbell != null;
                boolean _ = guard.briefly(ring);
            }
        }
    }

    /**
     * Copies one frame in, if there is space now. Quickest for what is 8 to 127 bytes long and lies in memory that only this
     * thread can free, that of a {@linkplain java.lang.foreign.Arena#ofConfined() confined arena}.
     *
     * @param typeId 0 to 2^24 - 1
     * @param source of the payload
     * @param offset in source, bytes
     * @param length of the payload, bytes, at most {@link #maxPayload()}
     * @return the position behind it, or {@link #BACK_PRESSURED} or {@link #CLOSED}
     */
    public long offer(int typeId, MemorySegment source, long offset, long length) {
        // The usual case in one straight line: did it meet a path with calls again, the compiler would spill what it holds here, too.
        long start = tail;
        long end = start + RingLayout.aligned(RingLayout.HEADER_BYTES + length);
        boolean plain = claimed == 0 && RingLayout.isType(typeId) && end + RingLayout.HEADER_BYTES <= space.limit()
                && RawMemory.isShort(source, offset, length);
        if (!plain) {
            return offerAnything(typeId, source, offset, length);
        }
        if (!guard.enter()) {
            return CLOSED;
        }
        try {
            RawMemory.copyShort(source, offset, data + (start & mask) + RingLayout.HEADER_BYTES, length, stride);
            store(header(typeId, 0, length), 1, start, end);
            if (signals) {
                ring();
            }
        } finally {
            guard.exit();
        }
        return end;
    }

    /** With every check, whatever there is to copy from. */
    private long offerAnything(int typeId, MemorySegment source, long offset, long length) {
        RingLayout.checkType(typeId);
        requireNoClaim();
        if (guard.isClosed()) {
            return CLOSED;
        }
        long frame = frame(length);
        if (!hasSpace(frame)) {
            return noSpace();
        }
        return publish(header(typeId, 0, length), 1, source, offset, length, frame) ? tail : CLOSED;
    }

    private static long header(int typeId, int flags, long payload) {
        return RingLayout.header(typeId, flags, RingLayout.HEADER_BYTES + payload);
    }

    /**
     * Copies one message in, waiting for space; one longer than {@link #maxPayload()} goes out in fragments, which readers do
     * not see. A reader proven dead is evicted; one that only stands still is waited for.
     *
     * @param typeId       0 to 2^24 - 1
     * @param source       of the payload
     * @param offset       in source, bytes
     * @param length       of the payload, bytes, at most {@link #maxMessage()}
     * @param timeoutNanos at most this long for the whole message, nanoseconds; zero or less tries once
     * @throws RingFullException   when the readers it lists made no room in time; readers see nothing of the message
     * @throws RingClosedException when the ring was closed
     */
    public void write(int typeId, MemorySegment source, long offset, long length, long timeoutNanos) {
        RingLayout.checkType(typeId);
        if (length > maxMessage()) {
            throw new IllegalArgumentException("message is too long: length=" + length + " maxMessage=" + maxMessage());
        }
        if (length > maxPayload) {
            long start = System.nanoTime();
            MemorySegment whole = source.asSlice(offset, length);
            Fragments.of(++fragmented, whole, shape.maxFragment())
                    .forEach(part -> writeFragment(typeId, part, start, timeoutNanos));
        } else if (offer(typeId, source, offset, length) < 0) {
            long frame = frame(length);
            awaitSpace(frame, System.nanoTime(), timeoutNanos);
            if (!publish(header(typeId, 0, length), 1, source, offset, length, frame)) {
                throw closedHere();
            }
        }
    }

    /** Fills and publishes one fragment; the last one counts as the message. */
    void writeFragment(int typeId, Fragments.Part part, long start, long timeoutNanos) {
        requireNoClaim();
        long payload = (long) RingLayout.FRAGMENT_BYTES + part.bytes();
        long frame = frame(payload);
        awaitSpace(frame, start, timeoutNanos);
        long at = payload();
        int flags = RingLayout.FLAG_FRAGMENT | (part.isLast() ? RingLayout.FLAG_LAST : 0);
        if (!guard.briefly(() -> part.header(memory, at))
                || !publish(header(typeId, flags, payload), part.isLast() ? 1 : 0, part.source(), part.offset(),
                        part.bytes(), frame)) {
            throw closedHere();
        }
    }

    private void awaitSpace(long frame, long start, long timeoutNanos) {
        if (guard.isClosed()) {
            throw closedHere();
        }
        if (hasSpace(frame)) {
            return;
        }
        if (noSpace() == CLOSED || !guard.enterToStay()) {
            throw closedHere();
        }
        try {
            do {
                space.await(start, timeoutNanos);
                if (guard.isClosed()) {
                    throw closedHere();
                }
            } while (!hasSpace(frame));
        } finally {
            guard.exitLast();
        }
    }

    private RingClosedException closedHere() {
        return new RingClosedException("ring is closed: path=" + file.path());
    }

    /**
     * Takes the slots of readers away whose process has died.
     *
     * @return how many
     * @throws RingClosedException when the ring was closed
     */
    public int evictDead() {
        return file.look(readers::evictDead, () -> {
            throw closedHere();
        });
    }

    /**
     * Takes the slot of a reader away, living or not: its space is free at once. It learns of it before it acts on any frame,
     * and may {@link RingReader#rejoin() rejoin}. The writer's thread.
     *
     * @param slot which
     * @return false when there is no active reader in it
     * @throws IllegalStateException when the ring was not created for copy-out: a frame seen in place has no protection
     * @throws RingClosedException   when the ring was closed
     */
    public boolean evict(int slot) {
        if (!shape.has(RingLayout.FLAG_COPY_OUT)) {
            throw new IllegalStateException(
                    "only copy-out rings evict the living: slot=" + slot + " path=" + file.path());
        }
        return file.look(() -> readers.evict(slot, dataCell), () -> {
            throw closedHere();
        });
    }

    /** {@return the tail: bytes ever published} */
    public long position() {
        return tail;
    }

    /** {@return bytes of the longest payload of one frame; {@link #write} takes longer ones} */
    public int maxPayload() {
        return maxPayload;
    }

    /**
     * The longest message that {@link #write} takes.
     *
     * @return bytes
     */
    public long maxMessage() {
        return Math.max(maxPayload, shape.maxMessage());
    }

    /**
     * Whether anybody reads.
     *
     * @return true while at least one slot is active
     */
    public boolean isConnected() {
        return file.look(() -> !guard.isClosed() && readers.active() > 0, () -> false);
    }

    /**
     * Where every reader stands. Any thread.
     *
     * @return one entry per slot ever joined
     * @throws RingClosedException when the ring was closed
     */
    public List<ReaderLag> lags() {
        return file.look(() -> RingObserver.lags(memory), () -> {
            throw closedHere();
        });
    }

    /**
     * Waits until so many readers have joined.
     *
     * @param count        readers
     * @param timeoutNanos at most this long, nanoseconds
     * @return whether they are there
     */
    public boolean awaitReaders(int count, long timeoutNanos) {
        boolean claiming = guard.isInside(); // that keeps the memory
        if (!claiming && !guard.enterToStay()) {
            return false;
        }
        try {
            return spaceWaiter.await(() -> guard.isClosed() || readers.active() >= count, timeoutNanos)
                    && !guard.isClosed();
        } finally {
            if (!claiming) {
                guard.exitLast();
            }
        }
    }

    /**
     * Closes for good: readers drain the ring, then learn it; a writer that waits is sent away. Any thread; idempotent. The
     * memory goes at once, or when the claim or the wait that is under way on another thread has ended.
     */
    @Override
    public void close() {
        if (guard.close()) {
            guard.awaitExit(); // first: a reader that sees the mark and no frame takes it that there is none to come
            Words.longRelease(memory, RingLayout.WRITER_STATE, RingLayout.WRITER_CLOSED);
            Steps.at("ring.close.marked");
            try {
                ringAmongOthers();
            } finally {
                spaceWaiter.sendAway();
                guard.leaveTo(file::close);
            }
        }
        if (guard.isInside(Thread.currentThread())) {
            guard.exitLast(); // the caller's own claim
        }
    }
}
