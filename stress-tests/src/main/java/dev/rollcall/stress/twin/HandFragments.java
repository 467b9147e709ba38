package dev.rollcall.stress.twin;

import dev.rollcall.shm.Words;
import dev.rollcall.stress.support.Lines;
import java.lang.foreign.MemorySegment;

/**
 * Messages in fragments, in miniature: three to a message, each a frame of a header and one word that says which message and
 * which part. A reader may come in the middle. The ring is larger than what one state writes, so nothing gates.
 */
final class HandFragments {
    enum Fault {
        NONE,
        REST_NOT_FORGOTTEN,
        LAST_TAKEN_FOR_PROOF
    }

    static final int WRONG = -100;

    private static final int PARTS = 3;
    private static final int LOOKS = 100;
    private static final long TAIL = 128;
    private static final long DATA = 1024;
    private static final long FRAME = 16;
    private static final long HEADER = 8;
    private static final long CAPACITY = 16 * FRAME;

    private final Fault fault;
    private final MemorySegment writers;
    private final MemorySegment readers;
    private final long[] kept = new long[2 * PARTS];
    private int keptParts;
    private long tail;
    private long message;
    private long position;

    HandFragments(Fault fault) {
        Lines memory = Lines.map();
        this.fault = fault;
        this.writers = memory.here;
        this.readers = memory.there;
    }

    /** The first parts of a message whose writer then gives up, as many as are asked for; all of them are a message. */
    void write(int parts) {
        message++;
        for (int part = 0; part < parts; part++) {
            Words.longOpaque(writers, DATA + tail % CAPACITY + HEADER, message * PARTS + part);
            Words.longOpaque(writers, DATA + (tail + FRAME) % CAPACITY, 0L);
            Words.longRelease(writers, DATA + tail % CAPACITY, 1L);
            tail += FRAME;
            Words.longRelease(writers, TAIL, tail);
        }
    }

    private void join() {
        position = Words.longAcquire(readers, TAIL);
        keptParts = 0;
    }

    /** Joins and polls again and again for a moment: so it comes just when something does. */
    int joinSoon() {
        int messages = 0;
        for (int look = 0; look < LOOKS && messages == 0; look++) {
            join();
            messages = poll();
        }
        return messages;
    }

    /** How many messages, all of them whole; or {@link #WRONG}. */
    int poll() {
        int messages = 0;
        while (Words.longAcquire(readers, DATA + position % CAPACITY) != 0) {
            long word = Words.longOpaque(readers, DATA + position % CAPACITY + HEADER);
            position += FRAME;
            keep(word);
            if (isLast(word)) {
                if (!isWhole()) {
                    return WRONG;
                }
                messages += keptParts > 0 ? 1 : 0;
                keptParts = 0;
            }
        }
        return messages;
    }

    private void keep(long word) {
        boolean first = word % PARTS == 0;
        boolean next = keptParts > 0 && kept[keptParts - 1] == word - 1;
        if (first && fault != Fault.REST_NOT_FORGOTTEN) {
            keptParts = 0;
        }
        if (!first && !next && fault != Fault.LAST_TAKEN_FOR_PROOF) {
            keptParts = 0;
            return;
        }
        kept[keptParts++] = word;
    }

    private static boolean isLast(long word) {
        return word % PARTS == PARTS - 1;
    }

    /** Nothing, or the parts of one message. */
    private boolean isWhole() {
        for (int i = 0; i < keptParts; i++) {
            if (kept[i] != kept[keptParts - 1] - (keptParts - 1 - i)) {
                return false;
            }
        }
        return keptParts == 0 || keptParts == PARTS;
    }
}
