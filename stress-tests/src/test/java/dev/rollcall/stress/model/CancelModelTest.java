package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One cancel slot, calls 1 and 3 share it, two ranks run both. Once asked, a rank that is still at call 1 finds the request;
 * nobody sees a request for a call that was not cancelled.
 */
@ExtendWith(ModelReport.class)
class CancelModelTest {
    private static final int OLDER = 1;
    private static final int NEWER = 3;

    enum Fault {
        NONE, REUSED_WITHOUT_LOOKING, REUSED_WHEN_ONE_RANK_HAS_FINISHED, WORD_IS_ONLY_A_FLAG
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldKeepTheRequestUntilEveryRankHasFinished(Memory memory) {
        Exploration found = Explorer.explore(cancel(Fault.NONE), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldLoseOrMisplaceTheRequestWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(cancel(fault), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull();
    }

    private static Model cancel(Fault fault) {
        Model m = new Model();
        int slot = m.word("slot", 0);
        int asked = m.word("asked", 0);
        int finished = m.words("finished", 2, 0);

        Script driver = m.thread("driver");
        int first = driver.register("first");
        int second = driver.register("second");
        int newer = driver.register("newer too");
        driver.release(slot, OLDER)
                .release(asked, OLDER)
                .choose(newer, 2)
                .jumpIf(r -> r[newer] == 0, "end");
        if (fault != Fault.REUSED_WITHOUT_LOOKING) {
            driver.load(first, finished).jumpIf(r -> r[first] < OLDER, "end");
            if (fault != Fault.REUSED_WHEN_ONE_RANK_HAS_FINISHED) {
                driver.load(second, finished + 1).jumpIf(r -> r[second] < OLDER, "end");
            }
        }
        driver.store(asked, NEWER).fullFence().release(slot, NEWER).label("end");

        for (int i = 0; i < 2; i++) {
            Script rank = m.thread("rank" + i);
            int known = rank.register("asked");
            int seen = rank.register("slot");
            boolean flag = fault == Fault.WORD_IS_ONLY_A_FLAG;
            rank.load(known, asked)
                    .load(seen, slot)
                    .require(r -> r[known] == 0 || r[seen] == OLDER, "the request for a running call is gone")
                    .release(finished + i, OLDER)
                    .load(seen, slot)
                    .load(known, asked)
                    .require(r -> !(flag ? r[seen] != 0 : r[seen] == NEWER) || r[known] == NEWER,
                            "cancelled though nobody asked")
                    .release(finished + i, NEWER);
        }
        return m;
    }
}
