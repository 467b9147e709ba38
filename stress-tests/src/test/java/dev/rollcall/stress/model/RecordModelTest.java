package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static dev.rollcall.stress.model.Memory.WEAK_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Records of several words on the board, read while they are written: what is read together was written together.
 * The fields of record n hold n. Two kinds: records in {@code slot[sequence & 1]} behind a head that names the current one, and
 * rows without a head, as the calls in flight have them.
 */
@ExtendWith(ModelReport.class)
class RecordModelTest {
    private static final int GENERATIONS = 3;

    enum Fault {
        NOT_ZEROED_FIRST(STORE_BUFFER, true),
        NO_SECOND_LOOK(STORE_BUFFER, true),
        TWO_ACQUIRE_LOADS(STORE_BUFFER, true),
        // with a head, which is stored later still, this alone does no harm
        SEQUENCE_STORED_FIRST(STORE_BUFFER, false),
        NO_FENCE_BEHIND_ZERO(WEAK_STORES, true),
        SEQUENCE_STORED_PLAIN(WEAK_STORES, false);

        private final Memory shownBy;
        private final boolean head;

        Fault(Memory shownBy, boolean head) {
            this.shownBy = shownBy;
            this.head = head;
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldReadOnlyWhatWasWrittenTogether(Memory memory) {
        for (boolean head : new boolean[]{true, false}) {
            Exploration found = Explorer.explore(record(head, null), memory);

            assertThat(found.violation()).as(found.toString()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void shouldTearWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(record(fault.head, fault), fault.shownBy);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains("torn");
    }

    /** Observers read finished, started, received in that order; the worker marks them in the opposite one. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldNeverSeeACallFinishedThatHasNotStarted(Memory memory) {
        assertThat(Explorer.explore(marks(true), memory).violation()).isNull();
        assertThat(Explorer.explore(marks(false), memory).violation()).isNotNull();
    }

    private static Model record(boolean hasHead, @Nullable Fault fault) {
        Model m = new Model();
        int head = m.word("head", 0);
        int slots = hasHead ? 2 : 1;
        int sequences = m.words("sequence", slots, 0);
        int first = m.words("first", slots, 0);
        int second = m.words("second", slots, 0);

        Script w = m.thread("writer");
        for (int i = 1; i <= GENERATIONS; i++) {
            int n = i;
            int slot = n % slots;
            w.when(fault != Fault.NOT_ZEROED_FIRST, s -> s.store(sequences + slot, 0))
                    .when(fault == Fault.SEQUENCE_STORED_FIRST, s -> s.release(sequences + slot, n))
                    .when(fault != Fault.NO_FENCE_BEHIND_ZERO, s -> s.storeFence())
                    .store(first + slot, n)
                    .store(second + slot, n)
                    .when(fault != Fault.SEQUENCE_STORED_FIRST,
                            s -> s.store(r -> sequences + slot, r -> n, fault != Fault.SEQUENCE_STORED_PLAIN))
                    .when(hasHead, s -> s.release(head, n));
        }

        Script o = m.thread("observer");
        int current = o.register("head");
        int sequence = o.register("sequence");
        int x = o.register("first");
        int y = o.register("second");
        boolean pair = fault == Fault.TWO_ACQUIRE_LOADS;
        o.load(current, hasHead ? head : sequences)
                .jumpIf(r -> r[current] == 0, "nothing")
                .when(hasHead && !pair, s -> look(s, sequence, sequences, slots, current))
                .load(x, r -> first + r[current] % slots)
                .load(y, r -> second + r[current] % slots)
                .when(!pair && fault != Fault.NO_SECOND_LOOK, s -> look(s, sequence, sequences, slots, current))
                .require(r -> r[x] == r[current] && r[y] == r[current], "torn: fields of different records")
                .label("nothing");
        return m;
    }

    private static void look(Script s, int sequence, int sequences, int slots, int current) {
        s.load(sequence, r -> sequences + r[current] % slots).jumpIf(r -> r[sequence] != r[current], "nothing");
    }

    private static Model marks(boolean lastMarkFirst) {
        Model m = new Model();
        int started = m.word("started", 0);
        int finished = m.word("finished", 0);
        Script w = m.thread("worker");
        for (int call = 1; call <= 2; call++) {
            w.release(started, call).release(finished, call);
        }
        Script o = m.thread("observer");
        int s = o.register("started");
        int f = o.register("finished");
        if (lastMarkFirst) {
            o.load(f, finished).load(s, started);
        } else {
            o.load(s, started).load(f, finished);
        }
        o.require(r -> r[f] <= r[s], "finished before it started");
        return m;
    }
}
