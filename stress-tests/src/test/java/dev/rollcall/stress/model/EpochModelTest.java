package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.SEQUENTIAL;
import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The end of an epoch: the driver makes again elsewhere what no rank had received, and nothing of that is ever run here. Two ranks
 * take two calls each; what they run is compared with the highest call that the driver found received.
 */
@ExtendWith(ModelReport.class)
class EpochModelTest {
    private static final int CALLS = 2;
    private static final int RANKS = 2;

    enum Fault {
        NONE,
        RANK_WITHOUT_FENCE,
        /** Looks at the word, then marks the call received. */
        RANK_LOOKS_FIRST,
        /** Looks once, and then runs all that is in the ring. */
        RANK_LOOKS_ONCE,
        DRIVER_WITHOUT_FENCE,
        /** Looks at the marks, then writes the word. */
        DRIVER_LOOKS_FIRST,
        /** Takes one rank's mark for all. */
        DRIVER_LOOKS_AT_ONE_RANK
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldNeverRunACallThatIsMadeAgain(Memory memory) {
        Exploration found = Explorer.explore(epoch(Fault.NONE), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldRunACallTwiceWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(epoch(fault), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains("made again");
    }

    @Test
    void shouldNeedFencesOnlyBecauseOfStoreBuffers() {
        assertThat(Explorer.explore(epoch(Fault.RANK_WITHOUT_FENCE), SEQUENTIAL).holds()).isTrue();
        assertThat(Explorer.explore(epoch(Fault.DRIVER_WITHOUT_FENCE), SEQUENTIAL).holds()).isTrue();
    }

    private static Model epoch(Fault fault) {
        Model m = new Model();
        int over = m.word("over", 0);
        int received = m.words("received", RANKS, 0);
        int ran = m.words("ran", RANKS, 0);
        int sealed = m.word("sealed", 0);
        for (int rank = 0; rank < RANKS; rank++) {
            rank(m.thread("rank" + rank), over, received + rank, ran + rank, fault);
        }
        driver(m.thread("driver"), over, received, sealed, fault);
        return m.atEnd(end -> {
            for (int rank = 0; rank < RANKS; rank++) {
                if (end.word(ran + rank) > end.word(sealed)) {
                    return "rank " + rank + " ran call " + end.word(ran + rank) + ", which is made again: sealed at "
                            + end.word(sealed);
                }
            }
            return null;
        });
    }

    private static void rank(Script s, int over, int received, int ran, Fault fault) {
        int seen = s.register("over");
        for (int call = 1; call <= CALLS; call++) {
            boolean looks = call == 1 || fault != Fault.RANK_LOOKS_ONCE;
            boolean first = fault == Fault.RANK_LOOKS_FIRST;
            s.when(first, x -> x.load(seen, over))
                    .release(received, call)
                    .when(fault != Fault.RANK_WITHOUT_FENCE, x -> x.fullFence())
                    .when(looks && !first, x -> x.load(seen, over))
                    .jumpIf(r -> r[seen] == 1, "end")
                    .store(ran, call);
        }
        s.label("end");
    }

    private static void driver(Script s, int over, int received, int sealed, Fault fault) {
        int highest = s.register("highest");
        int mark = s.register("mark");
        boolean first = fault == Fault.DRIVER_LOOKS_FIRST;
        s.when(!first, x -> x.release(over, 1))
                .when(fault != Fault.DRIVER_WITHOUT_FENCE, x -> x.fullFence());
        int ranks = fault == Fault.DRIVER_LOOKS_AT_ONE_RANK ? 1 : RANKS;
        for (int rank = 0; rank < ranks; rank++) {
            s.load(mark, received + rank).set(highest, r -> Math.max(r[highest], r[mark]));
        }
        s.when(first, x -> x.release(over, 1)).store(sealed, r -> r[highest]);
    }
}
