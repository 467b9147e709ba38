package dev.rollcall.shm;

import dev.rollcall.shm.os.MappedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
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
 * <p>When both sides share a core nothing here spins: a writer without space sleeps on the space cell, readers wake it once
 * per batch.
 */
public final class RingWriter implements AutoCloseable {
    /** No space: the slowest reader holds it. */
    public static final long BACK_PRESSURED = -1;

    /** The ring is closed. */
    public static final long CLOSED = -2;

    private final MappedFile file;
    private final MemorySegment memory;
    private final WaitCell dataCell;
    private final WaitCell spaceCell;
    private final BooleanSupplier hasSpace = this::hasSpace;
    private final long data;
    private final long capacity;
    private final long mask;
    private final int slots;
    private final boolean wakeups;
    private @Nullable WaitCell doorbell;

    private long tail;
    private long messages;
    private long limit;
    private long claimed;
    private int claimedPayload;
    private long wanted;
    private volatile boolean closed;

    private RingWriter(MappedFile file) {
        this.file = file;
        this.memory = file.memory();
        this.dataCell = new WaitCell(memory, RingLayout.DATA_CELL);
        this.spaceCell = new WaitCell(memory, RingLayout.SPACE_CELL);
        this.data = memory.get(ValueLayout.JAVA_LONG, RingLayout.DATA_AT);
        this.capacity = memory.get(ValueLayout.JAVA_LONG, RingLayout.CAPACITY_AT);
        this.mask = capacity - 1;
        this.slots = memory.get(ValueLayout.JAVA_INT, RingLayout.SLOTS_AT);
        this.wakeups = (memory.get(ValueLayout.JAVA_INT, RingLayout.FLAGS_AT) & RingLayout.FLAG_WAKEUPS) != 0;
        this.limit = capacity;
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
     * @param cell of whoever polls several rings
     * @return this
     */
    public RingWriter doorbell(WaitCell cell) {
        this.doorbell = cell;
        return this;
    }

    /**
     * Claims space for one frame. Must be followed by {@link #commit} or {@link #abort}.
     *
     * @param length of the payload, bytes
     * @return where the payload goes in {@link #buffer()}, or {@link #BACK_PRESSURED} or {@link #CLOSED}
     * @throws IllegalArgumentException when it is longer than {@link #maxPayload()}
     */
    public long tryClaim(int length) {
        if (length < 0 || length > maxPayload()) {
            throw new IllegalArgumentException(
                    "payload does not fit: length=" + length + " maxPayload=" + maxPayload());
        }
        if (claimed != 0) {
            throw new IllegalStateException("a claim is open: claimedBytes=" + claimed);
        }
        if (closed) {
            return CLOSED;
        }
        long frame = RingLayout.aligned(RingLayout.HEADER_BYTES + (long) length);
        long needed = tail + frame + RingLayout.HEADER_BYTES;
        if (needed > limit && !findSpace(needed)) {
            return BACK_PRESSURED;
        }
        claimed = frame;
        claimedPayload = length;
        return data + (tail & mask) + RingLayout.HEADER_BYTES;
    }

    /**
     * Where claimed payload goes.
     *
     * @return the ring's memory; store nothing outside the claim
     */
    public MemorySegment buffer() {
        return memory;
    }

    /**
     * Publishes the claimed frame.
     *
     * @param typeId 0 to 2^24 - 1, handed to the readers
     */
    public void commit(int typeId) {
        if (typeId < 0 || typeId > RingLayout.MAX_TYPE_ID) {
            throw new IllegalArgumentException("type id out of range: typeId=" + typeId);
        }
        publish(RingLayout.header(typeId, 0, RingLayout.HEADER_BYTES + (long) claimedPayload));
        messages++;
        advance();
    }

    /** Gives the claim up; its space passes the readers unseen. */
    public void abort() {
        publish(RingLayout.header(0, RingLayout.FLAG_PADDING, claimed));
        advance();
    }

    private void publish(long header) {
        if (claimed == 0) {
            throw new IllegalStateException("nothing is claimed");
        }
        Words.longOpaque(memory, data + ((tail + claimed) & mask), 0L);
        Words.longRelease(memory, data + (tail & mask), header);
    }

    private void advance() {
        tail += claimed;
        claimed = 0;
        Words.longOpaque(memory, RingLayout.MESSAGES, messages);
        Words.longRelease(memory, RingLayout.TAIL, tail);
        if (wakeups) {
            dataCell.signal();
        }
        WaitCell bell = doorbell;
        if (bell != null) {
            bell.signal();
        }
    }

    /**
     * Copies one frame in, if there is space now.
     *
     * @param typeId 0 to 2^24 - 1
     * @param source of the payload
     * @param offset in source, bytes
     * @param length of the payload, bytes
     * @return the position behind it, or {@link #BACK_PRESSURED} or {@link #CLOSED}
     */
    public long offer(int typeId, MemorySegment source, long offset, long length) {
        long at = tryClaim(Math.toIntExact(length));
        if (at < 0) {
            return at;
        }
        MemorySegment.copy(source, offset, memory, at, length);
        commit(typeId);
        return tail;
    }

    /**
     * Copies one frame in, waiting for space. A reader proven dead is evicted; one that only stands still is waited for.
     *
     * @param typeId       0 to 2^24 - 1
     * @param source       of the payload
     * @param offset       in source, bytes
     * @param length       of the payload, bytes
     * @param timeoutNanos at most this long, nanoseconds; zero tries once
     * @throws RingFullException   when the readers it lists made no room in time; nothing was written
     * @throws RingClosedException when the ring was closed
     */
    public void write(int typeId, MemorySegment source, long offset, long length, long timeoutNanos) {
        long start = System.nanoTime();
        long result = offer(typeId, source, offset, length);
        while (result < 0) {
            if (result == CLOSED) {
                throw new RingClosedException("ring is closed: path=" + file.path());
            }
            long left = timeoutNanos - (System.nanoTime() - start);
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                throw new RingFullException(wanted - tail, System.nanoTime() - start, holders());
            }
            if (!spaceCell.await(hasSpace, Math.min(left, PATIENCE_NANOS))) {
                evictDead();
            }
            result = offer(typeId, source, offset, length);
        }
    }

    private static final long PATIENCE_NANOS = 100_000_000;

    private boolean hasSpace() {
        return closed || findSpace(wanted);
    }

    private boolean findSpace(long needed) {
        wanted = needed;
        VarHandle.fullFence();
        limit = slowest() + capacity;
        return needed <= limit;
    }

    private long slowest() {
        long slowest = tail;
        for (int i = 0; i < slots; i++) {
            long slot = RingLayout.slot(i);
            if (ReaderState.of(Words.longAcquire(memory, slot + RingLayout.SLOT_STATE)).holdsBack()) {
                slowest = Math.min(slowest, Words.longAcquire(memory, slot + RingLayout.SLOT_POSITION));
            }
        }
        return slowest;
    }

    /**
     * Takes the slots of readers away whose process has died: the kernel has dropped their lock.
     *
     * @return how many
     */
    public int evictDead() {
        int evicted = 0;
        for (int i = 0; i < slots; i++) {
            long state = RingLayout.slot(i) + RingLayout.SLOT_STATE;
            long word = Words.longAcquire(memory, state);
            if (ReaderState.of(word) == ReaderState.ACTIVE && !file.isLockedByOther(RingLayout.READER_LOCKS + i)) {
                if (Words.longCas(memory, state, word, ReaderState.EVICTED.word(ReaderState.generation(word)))) {
                    evicted++;
                }
            }
        }
        VarHandle.fullFence();
        return evicted;
    }

    /**
     * Bytes ever published.
     *
     * @return the tail
     */
    public long position() {
        return tail;
    }

    /**
     * The longest payload of one frame.
     *
     * @return bytes
     */
    public int maxPayload() {
        return (int) capacity - 2 * RingLayout.HEADER_BYTES;
    }

    /**
     * Where every reader stands. Any thread.
     *
     * @return one entry per slot ever joined
     */
    public List<ReaderLag> lags() {
        return RingObserver.lags(memory);
    }

    private List<ReaderLag> holders() {
        return lags().stream()
                .filter(lag -> lag.state().holdsBack() && lag.bytes() > 0)
                .sorted(Comparator.comparingLong(ReaderLag::bytes).reversed())
                .toList();
    }

    /**
     * Waits until so many readers have joined.
     *
     * @param count        readers
     * @param timeoutNanos at most this long, nanoseconds
     * @return whether they are there
     */
    public boolean awaitReaders(int count, long timeoutNanos) {
        return spaceCell.await(() -> activeReaders() >= count, timeoutNanos) || activeReaders() >= count;
    }

    private long activeReaders() {
        return lags().stream().filter(lag -> lag.state() == ReaderState.ACTIVE).count();
    }

    /** Closes the ring for good: readers drain it and then learn it, a writer that waits is sent away. Any thread; idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Words.longRelease(memory, RingLayout.WRITER_STATE, RingLayout.WRITER_CLOSED);
        dataCell.signal();
        WaitCell bell = doorbell;
        if (bell != null) {
            bell.signal();
        }
        spaceCell.close();
        file.close();
    }
}
