package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.SEQUENTIAL;
import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static dev.rollcall.stress.model.Memory.WEAK_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The explorer against the well-known small programs whose answers are known. */
class ExplorerTest {

    @ParameterizedTest
    @CsvSource({"SEQUENTIAL, false, false", "STORE_BUFFER, false, true", "WEAK_STORES, false, true",
            "STORE_BUFFER, true, false",
            "WEAK_STORES, true, false"})
    void shouldLetBothMissEachOtherWithoutFences(Memory memory, boolean fences, boolean bothMiss) {
        Model m = new Model();
        int x = m.word("x", 0);
        int y = m.word("y", 0);
        int missed = m.word("missed", 0);
        storeThenLoad(m.thread("left"), x, y, fences, missed);
        storeThenLoad(m.thread("right"), y, x, fences, missed);
        m.atEnd(end -> end.word(missed) == 2 ? "both missed" : null);

        assertThat(Explorer.explore(m, memory).holds()).isEqualTo(!bothMiss);
    }

    /** One side's fence is enough when the other has both pass one. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldFenceAnotherThreadFromAfar(Memory memory) {
        for (boolean barrier : new boolean[]{true, false}) {
            Model m = new Model();
            int x = m.word("x", 0);
            int y = m.word("y", 0);
            int missed = m.word("missed", 0);
            storeThenLoad(m.thread("often"), x, y, false, missed);
            Script seldom = m.thread("seldom");
            int seen = seldom.register("seen");
            seldom.store(y, 1).fullFence().when(barrier, s -> s.remoteFence(0)).load(seen, x)
                    .jumpIf(r -> r[seen] == 1, "end").add(missed, 1).label("end");
            m.atEnd(end -> end.word(missed) == 2 ? "both missed" : null);

            assertThat(Explorer.explore(m, memory).holds()).isEqualTo(barrier || memory == SEQUENTIAL);
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldNotFenceFromAfarWhatIsNotStoredYet(Memory memory) {
        Model m = new Model();
        int x = m.word("x", 0);
        int y = m.word("y", 0);
        int missed = m.word("missed", 0);
        Script often = m.thread("often");
        int before = often.register("before");
        often.load(before, x).store(y, 1).jumpIf(r -> r[before] == 1, "end").add(missed, 1).label("end");
        Script seldom = m.thread("seldom");
        int seen = seldom.register("seen");
        seldom.store(x, 1).fullFence().remoteFence(0).load(seen, y).jumpIf(r -> r[seen] == 1, "end").add(missed, 1)
                .label("end");
        m.atEnd(end -> end.word(missed) == 2 ? "both missed" : null);

        assertThat(Explorer.explore(m, memory).violation()).isEqualTo("both missed");
    }

    private static void storeThenLoad(Script s, int mine, int other, boolean fence, int missed) {
        int seen = s.register("seen");
        s.store(mine, 1).when(fence, x -> x.fullFence()).load(seen, other).jumpIf(r -> r[seen] == 1, "end")
                .add(missed, 1).label("end");
    }

    @ParameterizedTest
    @CsvSource({"STORE_BUFFER, PLAIN, true", "WEAK_STORES, PLAIN, false", "WEAK_STORES, RELEASE, true",
            "WEAK_STORES, FENCE, true"})
    void shouldReorderStoresOnlyOnTheWeakerMemory(Memory memory, String how, boolean ordered) {
        Model m = new Model();
        int data = m.word("data", 0);
        int ready = m.word("ready", 0);
        m.thread("writer")
                .store(data, 1)
                .when(how.equals("FENCE"), s -> s.storeFence())
                .store(r -> ready, r -> 1, how.equals("RELEASE"));
        Script reader = m.thread("reader");
        int flag = reader.register("flag");
        int value = reader.register("value");
        reader.load(flag, ready).load(value, data).require(r -> r[flag] <= r[value], "ready without data");

        assertThat(Explorer.explore(m, memory).holds()).isEqualTo(ordered);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldSeeItsOwnStoresAtOnce(Memory memory) {
        Model m = new Model();
        int x = m.word("x", 0);
        Script s = m.thread("alone");
        int seen = s.register("seen");
        s.store(x, 1).store(x, 2).load(seen, x).require(r -> r[seen] == 2, "its own store is lost");

        assertThat(Explorer.explore(m, memory).holds()).isTrue();
        assertThat(Explorer.explore(m.atEnd(end -> end.word(x) == 2 ? null : "older store won"), memory).holds())
                .isTrue();
    }

    @Test
    void shouldTellWhoIsLeftAsleepAndHowItCame() {
        Model m = new Model();
        int word = m.word("word", 0);
        Script s = m.thread("sleeper");
        int seen = s.register("seen");
        s.load(seen, word).sleep(word, seen);
        m.thread("waker").wake(word);

        Exploration found = Explorer.explore(m, STORE_BUFFER);

        assertThat(found.violation()).isEqualTo("sleeper is left asleep");
        assertThat(found.trace()).containsExactly("sleeper: load word -> 0", "waker: wake word",
                "sleeper: sleep on word -> 1");
    }

    @Test
    void shouldTellWhoWaitsForEver() {
        Model m = new Model();
        int lock = m.word("lock", 0);
        m.thread("first").lock(lock);
        m.thread("second").lock(lock);

        assertThat(Explorer.explore(m, SEQUENTIAL).violation()).endsWith("waits for ever");
    }

    @Test
    void shouldCountLockedAddsExactly() {
        Model m = new Model();
        int sum = m.word("sum", 0);
        for (int i = 0; i < 3; i++) {
            m.thread("adder" + i).add(sum, 1).add(sum, 1);
        }
        m.atEnd(end -> end.word(sum) == 6 ? null : "sum=" + end.word(sum));

        assertThat(Explorer.explore(m, WEAK_STORES).violation()).isNull();
    }
}
