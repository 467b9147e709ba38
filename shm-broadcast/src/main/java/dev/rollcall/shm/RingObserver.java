package dev.rollcall.shm;

import dev.rollcall.shm.os.MappedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a ring's positions without taking part: any thread, any process; works while writer and readers are stopped or dead. */
public final class RingObserver implements AutoCloseable {
    private final MappedFile file;

    private RingObserver(MappedFile file) {
        this.file = file;
    }

    /**
     * Maps a ring read-only.
     *
     * @param file of the ring
     * @return the observer
     * @throws IncompatibleSegmentException when the file is no ring of this version
     */
    public static RingObserver open(Path file) {
        return new RingObserver(RingLayout.open(file, true));
    }

    /**
     * Positions and lags now.
     *
     * @return a value; not a cut in time, each word is read once
     * @throws IllegalStateException when this observer is closed
     */
    public RingStatus status() {
        return file.look(this::look, () -> {
            throw closedHere();
        });
    }

    private static IllegalStateException closedHere() {
        return new IllegalStateException("observer is closed");
    }

    private RingStatus look() {
        MemorySegment m = file.memory();
        List<ReaderLag> readers = lags(m);
        // Tail after the readers' positions: a lag may be seen too large, never negative.
        long tail = Words.longAcquire(m, RingLayout.TAIL);
        return new RingStatus(
                m.get(ValueLayout.JAVA_LONG, RingLayout.CAPACITY_AT),
                tail,
                Words.longOpaque(m, RingLayout.MESSAGES),
                Words.longAcquire(m, RingLayout.WRITER_STATE) == RingLayout.WRITER_CLOSED,
                readers);
    }

    /**
     * How many readers there can be.
     *
     * @return slots
     */
    public int readerSlots() {
        return file.look(() -> file.memory().get(ValueLayout.JAVA_INT, RingLayout.SLOTS_AT), () -> {
            throw closedHere();
        });
    }

    /** Whether nothing will ever be published again: its writer closed it or died. */
    boolean isOver() {
        long state = Words.longAcquire(file.memory(), RingLayout.WRITER_STATE);
        return state == RingLayout.WRITER_CLOSED
                || (state == RingLayout.WRITER_OPEN && !file.isLockedByOther(RingLayout.WRITER_LOCK));
    }

    int activeReaders() {
        return new ReaderSlots(file, readerSlots()).active();
    }

    /** Every slot that was ever joined. */
    static List<ReaderLag> lags(MemorySegment m) {
        int slots = m.get(ValueLayout.JAVA_INT, RingLayout.SLOTS_AT);
        List<ReaderLag> readers = new ArrayList<>(slots);
        for (int i = 0; i < slots; i++) {
            ReaderLag lag = lag(m, i);
            if (lag.state() != ReaderState.FREE) {
                readers.add(lag);
            }
        }
        return readers;
    }

    static ReaderLag lag(MemorySegment m, int reader) {
        long slot = RingLayout.slot(reader);
        ReaderState state = ReaderState.of(Words.longAcquire(m, slot + RingLayout.SLOT_STATE));
        long position = Words.longAcquire(m, slot + RingLayout.SLOT_POSITION);
        long read = Words.longOpaque(m, slot + RingLayout.SLOT_MESSAGES);
        long tail = Words.longAcquire(m, RingLayout.TAIL);
        long messages = Words.longOpaque(m, RingLayout.MESSAGES);
        return new ReaderLag(
                reader,
                (int) Words.longOpaque(m, slot + RingLayout.SLOT_PID),
                state,
                Math.max(0, messages - read),
                Math.max(0, tail - position));
    }

    @Override
    public void close() {
        file.close();
    }
}
