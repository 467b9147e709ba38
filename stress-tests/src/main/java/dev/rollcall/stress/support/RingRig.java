package dev.rollcall.stress.support;

import dev.rollcall.shm.ControlledFrameHandler;
import dev.rollcall.shm.FrameHandler;
import dev.rollcall.shm.RingCells;
import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingFullException;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small ring with its writer and its readers, each on a mapping of its own, as in two processes. Frames are numbered, and
 * filled with their number, so that a reader sees at once when one is lost, doubled, torn or foreign. Rings are used again
 * and again: positions run on, and every word of data holds an old frame, which is what a reader must never mistake for a new one.
 */
public final class RingRig {
    /** One page: laps are short. */
    public static final int CAPACITY = 4096;

    /** Payload whose frame goes four times into the ring. */
    public static final int LARGE = 1008;

    /** A payload of two words. */
    public static final int SMALL = 16;

    /** What {@link Listener#read} says when a frame is not the one that comes next, or not whole. */
    public static final int WRONG = -100;

    /** A waiter whose time was up before it said that it would sleep. */
    public static final int NEVER_CAME = 2;

    private static final int MANY_SIGNALS = 1_000;
    private static final int HEADER = 8;
    private static final int MAX_TYPE = 0xff_ffff;
    private static final int LOOKS = 100;
    private static final ThreadLocal<MemorySegment> OWN_SOURCE =
            ThreadLocal.withInitial(() -> Arena.ofConfined().allocate(LARGE, 8));

    public final Path file;
    public final RingWriter writer;
    private final SharedFile view;
    private final MemorySegment source;
    private final MemorySegment words;
    private final List<Listener> listeners = new ArrayList<>();
    private long next = 1;
    /** Signals without a sleeper after which the writer no longer fences; 0 while unknown. */
    private int quiet;

    /** A message of several fragments. */
    public static final int MESSAGE = 6000;

    private RingRig(Path file, RingConfig config) {
        this.file = file;
        this.writer = RingWriter.create(file, config);
        this.view = SharedFile.open(file, false);
        this.words = view.memory();
        this.source = Arena.ofAuto().allocate(MESSAGE, 8);
    }

    /** As {@link #withReaders(RingConfig)}, with nothing special about the ring. */
    public static RingRig withReaders(int readers) {
        return withReaders(RingConfig.of(CAPACITY, readers));
    }

    /** A ring whose readers are all there and have read all of it, with old frames everywhere, without a name. */
    public static RingRig withReaders(RingConfig config) {
        RingRig rig = new RingRig(Scratch.newFile(), config);
        int readers = config.readerSlots();
        for (int i = 0; i < readers; i++) {
            rig.join(i);
        }
        for (int bytes = 0; bytes < 2 * CAPACITY; bytes += SMALL + HEADER) {
            rig.mustPublish(SMALL);
            rig.listeners.forEach(l -> l.read(1));
        }
        Scratch.unlink(rig.file);
        return rig;
    }

    /** A ring that can still be joined; its file stays until {@link #unlink}. */
    public static RingRig named(int slots) {
        return named(RingConfig.of(CAPACITY, slots));
    }

    /** As {@link #named(int)}. */
    public static RingRig named(RingConfig config) {
        return new RingRig(Scratch.newFile(), config);
    }

    public void unlink() {
        Scratch.unlink(file);
    }

    /** Joins and listens from there. */
    public Listener join(int slot) {
        Listener listener = new Listener(RingReader.join(file, slot), 0);
        listeners.add(listener);
        return listener;
    }

    public Listener listener(int slot) {
        return listeners.get(slot);
    }

    /** The number of the frame that is written next. */
    public long next() {
        return next;
    }

    /** Whether there was space. */
    public boolean publish(int payload) {
        long at = writer.tryClaim(payload);
        if (at < 0) {
            return false;
        }
        fill(writer.buffer(), at, payload, next);
        writer.commit((int) (next & MAX_TYPE));
        next++;
        return true;
    }

    /** As {@link #mustPublish}, by copy, from memory of the calling thread's own. */
    public void mustOffer(int payload) {
        MemorySegment own = OWN_SOURCE.get();
        fill(own, 0, payload, next);
        if (writer.offer((int) (next & MAX_TYPE), own, 0, payload) < 0) {
            throw new IllegalStateException("no space: lags=" + writer.lags());
        }
        next++;
    }

    /** As {@link #publish}, waiting for space. */
    public boolean write(int payload, long timeoutNanos) {
        fill(source, 0, payload, next);
        try {
            writer.write((int) (next & MAX_TYPE), source, 0, payload, timeoutNanos);
        } catch (RingFullException _) {
            return false;
        }
        next++;
        return true;
    }

    /** Claims, writes rubbish, gives up. */
    public void abort(int payload) {
        long at = writer.tryClaim(payload);
        fill(writer.buffer(), at, payload, -1);
        writer.abort();
    }

    /** As many as there is space for. */
    public int fill(int payload) {
        int frames = 0;
        while (publish(payload)) {
            frames++;
        }
        return frames;
    }

    /** For the state before a test, when there is space. */
    public void mustPublish(int payload) {
        if (!publish(payload)) {
            throw new IllegalStateException("no space: lags=" + writer.lags());
        }
    }

    private static void fill(MemorySegment buffer, long at, int payload, long number) {
        for (long i = 0; i < payload; i += 8) {
            buffer.set(ValueLayout.JAVA_LONG, at + i, number);
        }
    }

    /** For a ring that is used once; writer and readers are closed by then. */
    public void close() {
        view.close();
        unlink();
    }

    /** Value of a wait cell's word now. */
    public int dataWord() {
        return Words.intAcquire(words, RingCells.DATA);
    }

    /** Value of a wait cell's word now. */
    public int spaceWord() {
        return Words.intAcquire(words, RingCells.SPACE);
    }

    /** What has become of a wait: {@link #NEVER_CAME} as far as the cell, or how often the word was moved since. */
    public int dataMoves(int wordBefore) {
        return moves(RingCells.DATA, wordBefore);
    }

    /** As {@link #dataMoves}. */
    public int spaceMoves(int wordBefore) {
        return moves(RingCells.SPACE, wordBefore);
    }

    private int moves(long cell, int wordBefore) {
        int moved = Words.intAcquire(words, cell) - wordBefore;
        return moved == 0 && Words.intAcquire(words, cell + RingCells.FLAG) == 0 ? NEVER_CAME : Math.min(moved, 1);
    }

    /** For the state before a test: nobody is about to sleep. */
    public void clearFlags() {
        Words.intRelease(words, RingCells.DATA + RingCells.FLAG, 0);
        Words.intRelease(words, RingCells.SPACE + RingCells.FLAG, 0);
    }

    /** For the state before a test: the writer no longer fences, as in the middle of a stream; nobody is about to sleep. */
    public void stopFencing() {
        clearFlags();
        for (int i = 0; i < MANY_SIGNALS && fences(); i++) {
            signal();
        }
        requireFences(false);
    }

    /** For the state before a test: with the next signal that finds nobody asleep the writer stops fencing. */
    public void standBeforeStopFencing() {
        if (quiet == 0) {
            startFencing();
            do {
                signal();
                quiet++;
            } while (fences() && quiet < MANY_SIGNALS);
            requireFences(false);
        }
        startFencing();
        for (int i = 1; i < quiet; i++) {
            signal();
        }
        requireFences(true);
    }

    /** For the state before a test: the writer fences, for it has found somebody asleep; nobody is about to sleep. */
    public void startFencing() {
        Words.intRelease(words, RingCells.DATA + RingCells.FLAG, 1);
        signal();
        clearFlags();
        requireFences(true);
    }

    /** And no frame with it. */
    public void signal() {
        writer.batch().close();
    }

    public boolean fences() {
        return Words.intAcquire(words, RingCells.DATA + RingCells.UNFENCED) == 0;
    }

    private void requireFences(boolean expected) {
        if (fences() != expected) {
            throw new IllegalStateException("writer's fence: expected=" + expected + " quiet=" + quiet);
        }
    }

    /** A reader that checks what it reads. One thread at a time. */
    public static final class Listener {
        public final RingReader reader;
        private final FrameHandler handler = this::check;
        private long expected;
        private int frames;
        private boolean wrong;

        /** Expects frame {@code expected} next; 0 when any will do as the first. */
        public Listener(RingReader reader, long expected) {
            this.reader = reader;
            this.expected = expected;
        }

        /** How many frames came, all of them right; or {@link RingRig#WRONG}. */
        public int read(int limit) {
            frames = 0;
            int handedOut = reader.poll(handler, limit);
            return wrong || handedOut != frames ? WRONG : frames;
        }

        /** As {@link #read}, again and again for a moment: so it comes just when something does. */
        public int readSoon(int limit) {
            int read = read(limit);
            for (int i = 0; i < LOOKS && read == 0; i++) {
                read = read(limit);
            }
            return read;
        }

        /** As {@link #read}; the position moves after each frame. */
        public int readStepwise(int limit) {
            frames = 0;
            int handedOut = reader.controlledPoll((typeId, buffer, offset, length) -> {
                check(typeId, buffer, offset, length);
                return ControlledFrameHandler.Action.COMMIT;
            }, limit);
            return wrong || handedOut != frames ? WRONG : frames;
        }

        /** How many frames came before {@link #read} ended with an exception. */
        public int readBeforeEviction() {
            return wrong ? WRONG : frames;
        }

        /** Goes on with another frame. */
        public void expect(long number) {
            expected = number;
        }

        /** The number of the frame it expects. */
        public long expected() {
            return expected;
        }

        private void check(int typeId, MemorySegment buffer, long offset, long length) {
            long number = buffer.get(ValueLayout.JAVA_LONG, offset);
            if (expected == 0) {
                expected = number;
            }
            wrong |= number != expected || typeId != (int) (expected & MAX_TYPE);
            for (long i = 8; i < length; i += 8) {
                wrong |= buffer.get(ValueLayout.JAVA_LONG, offset + i) != number;
            }
            expected++;
            frames++;
        }
    }
}
