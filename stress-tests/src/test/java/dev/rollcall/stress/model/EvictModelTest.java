package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static dev.rollcall.stress.model.Memory.WEAK_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A reader that was stopped, was evicted while its frame's space is written anew, and goes on: it must not act on a frame that
 * is half old and half new. Only a copy that is checked afterwards is safe, and only if the evictor marks before it writes.
 */
@ExtendWith(ModelReport.class)
class EvictModelTest {
    private static final int ACTIVE = 1;
    private static final int EVICTED = 3;
    private static final int OLD = 1;
    private static final int NEW = 9;

    enum Reader {
        COPIES_CHECKS_AND_USES_THE_COPY, LEARNS_ON_ITS_NEXT_POLL, CHECKS_THEN_READS_IN_PLACE, CHECKS_IN_THE_MIDDLE
    }

    enum Evictor {
        MARKS_FENCES_WRITES, WRITES_THEN_MARKS, MARKS_WITHOUT_FENCE
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldUseOnlyWholeCopies(Memory memory) {
        Exploration found = Explorer.explore(
                eviction(Reader.COPIES_CHECKS_AND_USES_THE_COPY, Evictor.MARKS_FENCES_WRITES), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "COPIES_CHECKS_AND_USES_THE_COPY")
    void shouldActOnATornFrameInPlace(Reader reader) {
        Exploration found = Explorer.explore(eviction(reader, Evictor.MARKS_FENCES_WRITES), STORE_BUFFER);

        assertThat(found.violation()).as(reader + ": " + found).isNotNull().contains("torn");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARKS_FENCES_WRITES")
    void shouldActOnATornCopyWhenTheEvictorIsWrong(Evictor evictor) {
        Exploration found = Explorer.explore(eviction(Reader.COPIES_CHECKS_AND_USES_THE_COPY, evictor), WEAK_STORES);

        assertThat(found.violation()).as(evictor + ": " + found).isNotNull().contains("torn");
    }

    private static Model eviction(Reader how, Evictor evictor) {
        Model m = new Model();
        int state = m.word("state", ACTIVE);
        int first = m.word("first word", OLD);
        int second = m.word("second word", OLD);

        Script w = m.thread("evictor");
        w.when(evictor != Evictor.WRITES_THEN_MARKS, s -> s.store(state, EVICTED))
                .when(evictor == Evictor.MARKS_FENCES_WRITES, s -> s.fullFence())
                .store(second, NEW)
                .store(first, NEW)
                .when(evictor == Evictor.WRITES_THEN_MARKS, s -> s.store(state, EVICTED));

        Script r = m.thread("reader");
        int x = r.register("first");
        int y = r.register("second");
        int seen = r.register("state");
        boolean before = how == Reader.CHECKS_THEN_READS_IN_PLACE;
        boolean after = how == Reader.COPIES_CHECKS_AND_USES_THE_COPY;
        r.when(before, s -> check(s, state, seen))
                .load(x, first)
                .when(how == Reader.CHECKS_IN_THE_MIDDLE, s -> check(s, state, seen))
                .load(y, second)
                .when(after, s -> check(s, state, seen))
                .require(v -> v[x] == OLD && v[y] == OLD, "acted on a torn or foreign frame")
                .label("evicted");
        return m;
    }

    private static void check(Script reader, int state, int seen) {
        reader.load(seen, state).jumpIf(v -> v[seen] != ACTIVE, "evicted");
    }
}
