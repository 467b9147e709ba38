package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandFollow.Fault.CHECKED_BEFORE_THE_COPY;
import static dev.rollcall.stress.twin.HandFollow.Fault.LIMIT_STORED_AFTER_THE_PAYLOAD;
import static dev.rollcall.stress.twin.HandFollow.Fault.NOT_CHECKED_AFTER_THE_HEADER;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A writer that waits for nobody, and a follower that keeps what it copied only if the writer's claim limit says that it was not
 * overtaken. Four frames fit and two words more, so that a frame begins in the midst of another; header and payload of frame n are
 * n, each word on a line of its own. Used again and again.
 */
final class HandFollow {
    enum Fault {
        NONE, LIMIT_STORED_AFTER_THE_PAYLOAD, CHECKED_BEFORE_THE_COPY, NOT_CHECKED_AFTER_THE_HEADER
    }

    static final int WRONG = -100;

    private static final long LIMIT = 0;
    private static final long TAIL = 128;
    private static final long DATA = 256;
    private static final long LINE = 64;
    /** In words, as all positions. */
    private static final int FRAME = 5;
    private static final int CAPACITY = 4 * FRAME + 2;
    /** As far behind as a follower can be that was not overtaken. */
    private static final int BEHIND = 4;

    private final Fault fault;
    private final MemorySegment writers;
    private final MemorySegment followers;
    private long tail;
    private long position;

    HandFollow(Fault fault) {
        Lines memory = Lines.map();
        this.fault = fault;
        this.writers = memory.here;
        this.followers = memory.there;
        publish(2 * BEHIND);
    }

    /** A follower that the next frame overtakes. */
    HandFollow fresh() {
        publish(BEHIND);
        position = tail - BEHIND * FRAME;
        return this;
    }

    void publish(int frames) {
        for (int i = 0; i < frames; i++) {
            publish();
        }
    }

    private void publish() {
        long number = tail / FRAME + 1;
        if (fault != LIMIT_STORED_AFTER_THE_PAYLOAD) {
            claim();
        }
        for (int i = 1; i < FRAME; i++) {
            Words.longOpaque(writers, at(tail + i), number);
        }
        if (fault == LIMIT_STORED_AFTER_THE_PAYLOAD) {
            claim();
        }
        Words.longOpaque(writers, at(tail + FRAME), 0L);
        Words.longRelease(writers, at(tail), number);
        tail += FRAME;
        Words.longRelease(writers, TAIL, tail);
    }

    private static long at(long position) {
        return DATA + position % CAPACITY * LINE;
    }

    /** Room for the frame and the next header, said before anything is stored there. */
    private void claim() {
        Words.longOpaque(writers, LIMIT, tail + FRAME + 1);
        VarHandle.releaseFence();
    }

    /** How many frames it kept, all of them right; or {@link #WRONG}. Ends where it is overtaken, or at the tail. */
    int follow(int most) {
        int frames = 0;
        while (frames < most) {
            long number = position / FRAME + 1;
            long header = Words.longAcquire(followers, at(position));
            if (fault != NOT_CHECKED_AFTER_THE_HEADER && isOvertaken()) {
                break;
            }
            if (header == 0) {
                break;
            }
            if (header != number) {
                return WRONG; // what it says would be believed
            }
            if (fault == CHECKED_BEFORE_THE_COPY && isOvertaken()) {
                break;
            }
            boolean whole = true;
            for (int i = 1; i < FRAME; i++) {
                whole &= Words.longOpaque(followers, at(position + i)) == number;
            }
            if (fault != CHECKED_BEFORE_THE_COPY && isOvertaken()) {
                break;
            }
            if (!whole) {
                return WRONG;
            }
            position += FRAME;
            frames++;
        }
        return frames;
    }

    private boolean isOvertaken() {
        VarHandle.acquireFence();
        return Words.longAcquire(followers, LIMIT) - CAPACITY > position;
    }
}
