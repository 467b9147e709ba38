package dev.rollcall.shm;

import dev.rollcall.shm.os.MappedFile;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Comparator;
import java.util.List;

/** The readers as the writer sees them. {@link #holders} and {@link #active}: any thread; the rest: the writer's. */
final class ReaderSlots {
    private final MappedFile file;
    private final MemorySegment memory;
    private final int slots;

    ReaderSlots(MappedFile file, int slots) {
        this.file = file;
        this.memory = file.memory();
        this.slots = slots;
    }

    /** The slowest position that holds the writer back, at most {@code tail}. The caller has stored its tail and fenced. */
    long slowest(long tail) {
        long slowest = tail;
        for (int i = 0; i < slots; i++) {
            if (state(i).holdsBack()) {
                slowest = Math.min(slowest, Words.longAcquire(memory, RingLayout.slot(i) + RingLayout.SLOT_POSITION));
            }
        }
        return slowest;
    }

    private ReaderState state(int slot) {
        return ReaderState.of(Words.longAcquire(memory, RingLayout.slot(slot) + RingLayout.SLOT_STATE));
    }

    int active() {
        int active = 0;
        for (int i = 0; i < slots; i++) {
            active += state(i) == ReaderState.ACTIVE ? 1 : 0;
        }
        return active;
    }

    List<ReaderLag> holders() {
        return RingObserver.lags(memory).stream()
                .filter(lag -> lag.state().holdsBack() && lag.bytes() > 0)
                .sorted(Comparator.comparingLong(ReaderLag::bytes).reversed())
                .toList();
    }

    /** Those whose lock the kernel has dropped. A slot marked is fenced before its space is used. */
    int evictDead() {
        int evicted = 0;
        for (int i = 0; i < slots; i++) {
            long word = Words.longAcquire(memory, RingLayout.slot(i) + RingLayout.SLOT_STATE);
            if (ReaderState.of(word).holdsBack() && !file.isLockedByOther(RingLayout.READER_LOCKS + i)) {
                evicted += mark(i, word) ? 1 : 0;
            }
        }
        VarHandle.fullFence();
        return evicted;
    }

    /** Whoever it is; it may be asleep on that cell. */
    boolean evict(int slot, WaitCell sleeping) {
        if (slot < 0 || slot >= slots) {
            throw new IllegalArgumentException("no such reader slot: slot=" + slot + " slots=" + slots);
        }
        long word = Words.longAcquire(memory, RingLayout.slot(slot) + RingLayout.SLOT_STATE);
        boolean evicted = ReaderState.of(word) == ReaderState.ACTIVE && mark(slot, word);
        VarHandle.fullFence();
        Steps.at("ring.evict.fenced");
        sleeping.signal();
        return evicted;
    }

    private boolean mark(int slot, long word) {
        long evicted = ReaderState.EVICTED.word(ReaderState.generation(word));
        boolean marked = Words.longCas(memory, RingLayout.slot(slot) + RingLayout.SLOT_STATE, word, evicted);
        Steps.at("ring.evict.marked");
        return marked;
    }
}
