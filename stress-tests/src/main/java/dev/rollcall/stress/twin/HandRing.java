package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandRing.Fault.ACTIVE_BEFORE_SETTLED;
import static dev.rollcall.stress.twin.HandRing.Fault.HEADER_BEFORE_PAYLOAD;
import static dev.rollcall.stress.twin.HandRing.Fault.LIMIT_UNBOUNDED_WITHOUT_READERS;
import static dev.rollcall.stress.twin.HandRing.Fault.NEXT_HEADER_NOT_ZEROED;
import static dev.rollcall.stress.twin.HandRing.Fault.NEXT_HEADER_ZEROED_AFTER_COMMIT;
import static dev.rollcall.stress.twin.HandRing.Fault.NO_PADDING_MARK;
import static dev.rollcall.stress.twin.HandRing.Fault.NO_ROOM_FOR_NEXT_HEADER;
import static dev.rollcall.stress.twin.HandRing.Fault.POSITION_MOVED_BEFORE_READING;
import static dev.rollcall.stress.twin.HandRing.Fault.TAIL_NOT_READ_AGAIN;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The ring's protocol in miniature: one reader, frames of a header and one payload word, four of them. Header and payload of
 * frame n are n. Used again and again, so its data are always old frames.
 */
final class HandRing {
    enum Fault {
        NONE,
        HEADER_BEFORE_PAYLOAD,
        NEXT_HEADER_ZEROED_AFTER_COMMIT,
        NEXT_HEADER_NOT_ZEROED,
        NO_ROOM_FOR_NEXT_HEADER,
        READER_IGNORED,
        POSITION_MOVED_BEFORE_READING,
        NO_PADDING_MARK,
        LIMIT_UNBOUNDED_WITHOUT_READERS,
        TAIL_NOT_READ_AGAIN,
        JOINING_DOES_NOT_GATE,
        ACTIVE_BEFORE_SETTLED
    }

    static final int WRONG = -100;

    private static final long TAIL = 128;
    private static final long POSITION = 256;
    private static final long STATE = 384;
    private static final long DATA = 1024;
    private static final long FRAME = 16;
    private static final long HEADER = 8;
    private static final long CAPACITY = 4 * FRAME;
    private static final long PADDING = 1L << 62;
    private static final long FREE = 0;
    private static final long JOINING = 1;
    private static final long ACTIVE = 2;
    private static final int LOOKS = 100;

    private final Fault fault;
    private final MemorySegment writers;
    private final MemorySegment readers;
    private long tail;
    private long limit;
    private long position;
    private long joinedAt;
    private long writtenFor;

    HandRing(Fault fault) {
        Lines memory = Lines.map();
        this.fault = fault;
        this.writers = memory.here;
        this.readers = memory.there;
        this.limit = CAPACITY;
        join();
        for (int i = 0; i < 8; i++) {
            boolean _ = publish();
            int _ = poll(1);
        }
    }

    /** For the state before a test: whatever a fault left behind is no concern of the next state. */
    HandRing fresh() {
        Words.longRelease(writers, DATA + tail % CAPACITY, 0L);
        Words.longRelease(readers, STATE, FREE);
        join();
        limit = tail;
        return this;
    }

    HandRing freshWithoutReader() {
        HandRing _ = fresh();
        leave();
        return this;
    }

    void leave() {
        Words.longRelease(readers, STATE, FREE);
    }

    void join() {
        Words.longRelease(readers, POSITION, Words.longAcquire(readers, TAIL));
        long seen = Words.longAcquire(readers, TAIL);
        Words.longRelease(readers, STATE, fault == ACTIVE_BEFORE_SETTLED ? ACTIVE : JOINING);
        VarHandle.fullFence();
        position = fault == TAIL_NOT_READ_AGAIN ? seen : Words.longAcquire(readers, TAIL);
        Words.longRelease(readers, POSITION, position);
        Words.longRelease(readers, STATE, ACTIVE);
        joinedAt = position;
    }

    /** A writer that waits for a reader and writes for it. */
    void publishOnceJoined() {
        while (Words.longAcquire(writers, STATE) != ACTIVE) {
            Thread.onSpinWait();
        }
        writtenFor = tail;
        boolean _ = publish();
    }

    /** Whether the reader that was waited for began before, or with, what was written for it. */
    boolean beganInTime() {
        return joinedAt <= writtenFor;
    }

    /** Whether there was space. */
    boolean publish() {
        if (!claim()) {
            return false;
        }
        long number = tail / FRAME + 1;
        long at = DATA + tail % CAPACITY;
        long next = DATA + (tail + FRAME) % CAPACITY;
        if (fault == HEADER_BEFORE_PAYLOAD) {
            Words.longOpaque(writers, next, 0L);
            Words.longRelease(writers, at, number);
            Words.longOpaque(writers, at + HEADER, number);
        } else {
            Words.longOpaque(writers, at + HEADER, number);
            if (fault != NEXT_HEADER_ZEROED_AFTER_COMMIT && fault != NEXT_HEADER_NOT_ZEROED) {
                Words.longOpaque(writers, next, 0L);
            }
            Words.longRelease(writers, at, number);
            if (fault == NEXT_HEADER_ZEROED_AFTER_COMMIT) {
                Words.longRelease(writers, next, 0L);
            }
        }
        advance();
        return true;
    }

    /** How many there was space for. */
    int publishUpTo(int most) {
        int frames = 0;
        for (int i = 0; i < most; i++) {
            frames += publish() ? 1 : 0;
        }
        return frames;
    }

    /** A frame that nobody may see. */
    void abort() {
        if (!claim()) {
            throw new IllegalStateException("no space");
        }
        Words.longOpaque(writers, DATA + tail % CAPACITY + HEADER, -1L);
        Words.longOpaque(writers, DATA + (tail + FRAME) % CAPACITY, 0L);
        long number = tail / FRAME + 1;
        Words.longRelease(writers, DATA + tail % CAPACITY, fault == NO_PADDING_MARK ? number : number | PADDING);
        advance();
    }

    private void advance() {
        tail += FRAME;
        Words.longRelease(writers, TAIL, tail);
    }

    private boolean claim() {
        long needed = tail + FRAME + (fault == NO_ROOM_FOR_NEXT_HEADER ? 0 : HEADER);
        if (needed > limit) {
            VarHandle.fullFence();
            boolean gated = gates(Words.longAcquire(writers, STATE));
            limit = (gated ? Words.longAcquire(writers, POSITION) : tail) + CAPACITY;
            if (!gated && fault == LIMIT_UNBOUNDED_WITHOUT_READERS) {
                limit = Long.MAX_VALUE;
            }
        }
        return needed <= limit;
    }

    private boolean gates(long state) {
        return switch (fault) {
            case READER_IGNORED -> false;
            case JOINING_DOES_NOT_GATE -> state == ACTIVE;
            default -> state != FREE;
        };
    }

    /** How many frames, all of them right; or {@link #WRONG}. */
    int poll(int most) {
        if (fault == POSITION_MOVED_BEFORE_READING) {
            giveBack(most);
        }
        int frames = 0;
        while (frames < most) {
            long at = DATA + position % CAPACITY;
            long header = Words.longAcquire(readers, at);
            if (header == 0) {
                break;
            }
            long number = position / FRAME + 1;
            long payload = Words.longOpaque(readers, at + HEADER);
            if ((header & PADDING) == 0) {
                if (header != number || payload != number) {
                    return WRONG;
                }
                frames++;
            }
            position += FRAME;
            Words.longRelease(readers, POSITION, position);
        }
        return frames;
    }

    /** As {@link #poll}, again and again for a moment: so it comes just when something does. */
    int pollSoon(int most) {
        int frames = poll(most);
        for (int i = 0; i < LOOKS && frames == 0; i++) {
            frames = poll(most);
        }
        return frames;
    }

    /** The fault: the space of a whole batch, before any of it is read. */
    private void giveBack(int most) {
        long end = position;
        for (int i = 0; i < most && Words.longAcquire(readers, DATA + end % CAPACITY) == end / FRAME + 1; i++) {
            end += FRAME;
        }
        Words.longRelease(readers, POSITION, end);
    }

    /** All that is left, when the writer is through; {@link #WRONG} unless that is everything. */
    int rest() {
        int frames = poll(100);
        return position == tail ? frames : WRONG;
    }
}
