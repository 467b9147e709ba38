package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.SEQUENTIAL;
import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static dev.rollcall.stress.model.Memory.WEAK_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sleeping and waking on flag and word: no sleeper is left behind once everything is published. The 100 ms bound on a sleep
 * is not in the model; it must hold without, except when a waker is killed.
 */
@ExtendWith(ModelReport.class)
class WakeModelTest {
    enum Fault {
        NONE,
        WAKER_WITHOUT_FENCE,
        SLEEPER_WITHOUT_FENCE,
        NO_SECOND_LOOK,
        STATE_NOT_LOOKED_AT_AGAIN,
        WORD_READ_AFTER_SECOND_LOOK,
        BUMP_BEFORE_CLEAR,
        WAKE_BEFORE_CLEAR,
        WORD_BUMPED_PER_COMMIT,
        WORD_NEVER_BUMPED,
        CLOSER_DOES_NOT_WAKE,
        WORD_IS_THE_DATA,
        /** Another scheme, for comparison: the flag counts sleepers, which needs no clearing, and still needs the fence. */
        SLEEPERS_COUNTED_NO_WAKER_FENCE
    }

    @ParameterizedTest
    @CsvSource({
            "STORE_BUFFER, 1, 2, false",
            "STORE_BUFFER, 1, 3, false",
            "STORE_BUFFER, 1, 1, true",
            "STORE_BUFFER, 2, 1, false",
            "STORE_BUFFER, 2, 2, false",
            "STORE_BUFFER, 2, 1, true",
            "WEAK_STORES, 1, 2, false",
            "WEAK_STORES, 2, 1, true"})
    void shouldLeaveNobodyAsleep(Memory memory, int sleepers, int published, boolean closer) {
        Exploration found = Explorer.explore(cell(sleepers, published, closer, false, Fault.NONE), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"NONE", "CLOSER_DOES_NOT_WAKE", "STATE_NOT_LOOKED_AT_AGAIN",
            "WORD_IS_THE_DATA"})
    void shouldLoseAWakeUpWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(cell(1, 2, false, false, fault), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains("left asleep");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = {"CLOSER_DOES_NOT_WAKE", "STATE_NOT_LOOKED_AT_AGAIN",
            "WORD_IS_THE_DATA", "WAKER_WITHOUT_FENCE", "NO_SECOND_LOOK"})
    void shouldSleepThroughACloseWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(cell(1, 1, true, false, fault), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains("left asleep");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = {"WAKER_WITHOUT_FENCE", "SLEEPER_WITHOUT_FENCE"})
    void shouldNeedTheFencesOnlyBecauseOfStoreBuffers(Fault fault) {
        assertThat(Explorer.explore(cell(1, 2, false, false, fault), SEQUENTIAL).holds()).isTrue();
    }

    @Test
    void shouldNeedTheBoundOnASleepWhenAWakerIsKilled() {
        Exploration found = Explorer.explore(cell(1, 2, false, true, Fault.NONE), STORE_BUFFER);

        assertThat(found.violation()).as("killed between clearing the flag and waking").isNotNull()
                .contains("left asleep");
    }

    @Test
    void shouldNotMindASleeperThatNeverComesBack() {
        Model m = new Model();
        Cell cell = new Cell(m);
        publisher(m, cell, 2, false, Fault.NONE);
        sleeper(m.thread("sleeper"), cell, 2, false, Fault.NONE);
        // killed in its sleep: its flag stays set, and nothing else
        m.thread("killed").release(cell.flag, 1);

        assertThat(Explorer.explore(m, WEAK_STORES).violation()).isNull();
    }

    private record Cell(int data, int closed, int word, int flag) {
        Cell(Model m) {
            this(m.word("data", 0), m.word("closed", 0), m.word("word", 0), m.word("flag", 0));
        }
    }

    private static Model cell(int sleepers, int published, boolean closer, boolean killed, Fault fault) {
        Model m = new Model();
        Cell cell = new Cell(m);
        publisher(m, cell, published, killed, fault);
        for (int i = 0; i < sleepers; i++) {
            sleeper(m.thread("sleeper" + i), cell, published, closer, fault);
        }
        if (closer) {
            Script c = m.thread("closer");
            c.release(cell.closed, 1);
            if (fault != Fault.CLOSER_DOES_NOT_WAKE) {
                signal(c, cell, c.register("flag"), "closed", fault);
            }
        }
        return m;
    }

    private static void publisher(Model m, Cell cell, int published, boolean killed, Fault fault) {
        Script w = m.thread("publisher");
        int flag = w.register("flag");
        int fate = w.register("fate");
        for (int i = 1; i <= published; i++) {
            w.release(cell.data, i);
            if (fault == Fault.WORD_BUMPED_PER_COMMIT) {
                w.add(cell.word, 1);
            }
            boolean dies = killed && i == published;
            if (dies) {
                w.fullFence()
                        .load(flag, cell.flag)
                        .jumpIf(r -> r[flag] == 0, "end")
                        .store(cell.flag, 0)
                        .choose(fate, 2)
                        .jumpIf(r -> r[fate] == 1, "end")
                        .fullFence()
                        .add(cell.word, 1)
                        .wake(cell.word);
            } else {
                signal(w, cell, flag, "published" + i, fault);
            }
        }
        w.label("end");
    }

    private static void signal(Script s, Cell cell, int flag, String label, Fault fault) {
        if (fault == Fault.SLEEPERS_COUNTED_NO_WAKER_FENCE) {
            s.load(flag, cell.flag).jumpIf(r -> r[flag] == 0, label).add(cell.word, 1).wake(cell.word).label(label);
            return;
        }
        boolean bump = fault != Fault.WORD_BUMPED_PER_COMMIT && fault != Fault.WORD_NEVER_BUMPED
                && fault != Fault.WORD_IS_THE_DATA;
        int word = fault == Fault.WORD_IS_THE_DATA ? cell.data : cell.word;
        s.when(fault != Fault.WAKER_WITHOUT_FENCE, x -> x.fullFence())
                .load(flag, cell.flag)
                .jumpIf(r -> r[flag] == 0, label)
                .when(fault == Fault.BUMP_BEFORE_CLEAR, x -> x.add(cell.word, 1))
                .when(fault == Fault.WAKE_BEFORE_CLEAR, x -> x.fullFence().add(cell.word, 1).wake(word))
                .store(cell.flag, 0)
                .fullFence()
                .when(bump && fault != Fault.BUMP_BEFORE_CLEAR && fault != Fault.WAKE_BEFORE_CLEAR,
                        x -> x.add(cell.word, 1))
                .when(fault != Fault.WAKE_BEFORE_CLEAR, x -> x.wake(word))
                .label(label);
    }

    /** Takes everything up to {@code published}, or until closed. */
    private static void sleeper(Script s, Cell cell, int published, boolean untilClosed, Fault fault) {
        int seen = s.register("data seen");
        int closed = s.register("closed");
        int word = s.register("word");
        int taken = s.register("taken");
        int sleepsOn = fault == Fault.WORD_IS_THE_DATA ? cell.data : cell.word;
        boolean counted = fault == Fault.SLEEPERS_COUNTED_NO_WAKER_FENCE;
        boolean wordLate = fault == Fault.WORD_READ_AFTER_SECOND_LOOK;
        s.label("look")
                .load(seen, cell.data)
                .load(closed, cell.closed)
                .jumpIf(r -> r[closed] == 1, "end")
                .jumpIf(r -> r[seen] > r[taken], "take")
                .when(!wordLate, x -> x.load(word, sleepsOn))
                .when(counted, x -> x.add(cell.flag, 1))
                .when(!counted, x -> x.store(cell.flag, 1))
                .when(fault != Fault.SLEEPER_WITHOUT_FENCE, x -> x.fullFence());
        if (fault != Fault.NO_SECOND_LOOK) {
            s.load(seen, cell.data)
                    .when(fault != Fault.STATE_NOT_LOOKED_AT_AGAIN, x -> x.load(closed, cell.closed))
                    .jumpIf(r -> r[seen] > r[taken] || r[closed] == 1, "awake");
        }
        s.when(wordLate, x -> x.load(word, sleepsOn))
                .sleep(sleepsOn, word)
                .label("awake")
                .when(counted, x -> x.add(cell.flag, -1))
                .jump("look")
                .label("take")
                .set(taken, r -> r[seen])
                .jumpIf(r -> r[taken] >= published && !untilClosed, "end")
                .jump("look")
                .label("end");
    }
}
