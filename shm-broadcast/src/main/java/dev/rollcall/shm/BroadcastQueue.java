package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A queue of byte arrays from one process to several, each of which sees every message: a ring with the manners of an
 * executor's queue transport. The creator writes, those who attach read; each side one thread, {@link #close()} any. Arrays
 * handed out are the caller's own.
 *
 * <pre>{@code
 * try (BroadcastQueue queue = BroadcastQueue.create(workers)) {
 *     start(workers, queue.handle());                 // a printable string: environment, argument, log line
 *     queue.awaitReady(Duration.ofSeconds(60));
 *     queue.enqueue(message, Duration.ofSeconds(10));
 * }
 *
 * BroadcastQueue queue = BroadcastQueue.attach(handle, rank);
 * byte[] message = queue.dequeue(Duration.ofSeconds(1)); // null: none in time
 * }</pre>
 */
public final class BroadcastQueue implements AutoCloseable {
    /** Bytes of the ring unless said otherwise: what a core's own cache holds, as measured (see the module's README). */
    public static final long DEFAULT_CAPACITY = 1L << 20;

    private static final String SCHEME = "rollcall-queue:1:";
    private static final String FILE = "queue";
    private static final int TYPE = 1;

    private final Path file;
    private final int readers;
    private final @Nullable GroupDirectory group;
    private final @Nullable RingWriter writer;
    private final @Nullable RingReader reader;
    private final FrameHandler take = this::take;
    private byte @Nullable [] taken;
    private volatile boolean closed;

    private BroadcastQueue(
            Path file, int readers, @Nullable GroupDirectory group, @Nullable RingWriter writer,
            @Nullable RingReader reader) {
        this.file = file;
        this.readers = readers;
        this.group = group;
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Creates a queue in a folder of its own, which goes with this object or, after a crash, with the next sweep.
     *
     * @param readers how many will attach, as ranks 0 to readers - 1
     * @return the writing end
     * @throws NoSpaceException when it does not fit
     */
    public static BroadcastQueue create(int readers) {
        return create(RingConfig.of(DEFAULT_CAPACITY, readers));
    }

    /**
     * As {@link #create(int)}, with a ring of another shape.
     *
     * @param config a slot per reader
     * @return the writing end
     * @throws NoSpaceException when it does not fit
     */
    public static BroadcastQueue create(RingConfig config) {
        GroupDirectory group = GroupDirectory.create(GroupDirectory.newName(), 0);
        try {
            Path file = group.file(FILE);
            return new BroadcastQueue(file, config.readerSlots(), group, RingWriter.create(file, config), null);
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    /**
     * Attaches to a queue as one of its readers; sees what is written from now on.
     *
     * @param handle as {@link #handle()} gave it
     * @param rank   which reader to be, from 0
     * @return the reading end
     * @throws IncompatibleSegmentException when the handle is none of this version
     * @throws SegmentInUseException        when a living reader has that rank
     */
    public static BroadcastQueue attach(String handle, int rank) {
        if (!handle.startsWith(SCHEME)) {
            throw new IncompatibleSegmentException(
                    "not a queue's handle: expected=" + SCHEME + "<path> found=" + handle);
        }
        Path file = Path.of(handle.substring(SCHEME.length()));
        int readers;
        try (RingObserver observer = RingObserver.open(file)) {
            readers = observer.readerSlots();
        }
        return new BroadcastQueue(file, readers, null, null, RingReader.join(file, rank));
    }

    /**
     * How another process finds this queue.
     *
     * @return one printable line
     */
    public String handle() {
        return SCHEME + file;
    }

    /**
     * Waits until every reader is attached. Either end.
     *
     * @param timeout at most this long; nothing or less looks once
     * @return whether they are; false at once when this end is closed, or the writing end is or has died before they were
     */
    public boolean awaitReady(Duration timeout) {
        if (writer != null) {
            return writer.awaitReaders(readers, nanos(timeout));
        }
        return !closed && awaitOthers(nanos(timeout));
    }

    /** By looking again and again: who attaches wakes only the writing end. */
    private boolean awaitOthers(long timeoutNanos) {
        RingObserver observer;
        try {
            observer = RingObserver.open(file);
        } catch (RollcallException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return false; // the writing end took it along
        }
        try (observer) {
            BooleanSupplier ready = () -> observer.activeReaders() >= readers;
            boolean looked =
                    Polling.backOffUntil(() -> closed || ready.getAsBoolean() || observer.isOver(), timeoutNanos);
            return looked && !closed && ready.getAsBoolean();
        }
    }

    /**
     * Writes one message to all readers.
     *
     * @param message any length up to the ring's longest message
     * @param timeout for space; nothing or less tries once
     * @throws RingFullException     when the readers it lists made no room in time
     * @throws RingClosedException   when this end is closed
     * @throws IllegalStateException on the reading end
     */
    public void enqueue(byte[] message, Duration timeout) {
        if (writer == null) {
            throw new IllegalStateException("this is a reading end: handle=" + handle());
        }
        writer.write(TYPE, MemorySegment.ofArray(message), 0, message.length, nanos(timeout));
    }

    /**
     * Takes the next message.
     *
     * @param timeout at most this long; nothing or less looks once
     * @return the message, or null when there is none in time or the thread was interrupted
     * @throws RingClosedException    when all has been read and the writer is gone
     * @throws ReaderEvictedException when the writer gave this reader up
     * @throws IllegalStateException  on the writing end
     */
    public byte @Nullable [] dequeue(Duration timeout) {
        if (reader == null) {
            throw new IllegalStateException("this is the writing end: handle=" + handle());
        }
        long start = System.nanoTime();
        long timeoutNanos = nanos(timeout);
        taken = null;
        while (reader.poll(take, 1) == 0) {
            long left = timeoutNanos - (System.nanoTime() - start);
            if (!reader.await(left)) {
                return null;
            }
        }
        return taken;
    }

    private void take(int typeId, MemorySegment buffer, long offset, long length) {
        byte[] copy = new byte[Math.toIntExact(length)];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        taken = copy;
    }

    private static long nanos(Duration timeout) {
        try {
            return Math.max(0, timeout.toNanos());
        } catch (ArithmeticException centuries) {
            return timeout.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    /**
     * The writing end closes the queue for good, its files go, and readers drain what they have mapped; a reading end leaves.
     * Whoever waits is sent away. Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        if (reader != null) {
            reader.close();
        }
        if (writer != null) {
            writer.close();
        }
        if (group != null) {
            group.close();
        }
    }
}
