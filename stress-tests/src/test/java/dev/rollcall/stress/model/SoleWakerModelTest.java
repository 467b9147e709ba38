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
 * The only waker of a cell, which goes without a fence after one signal that found nobody, and goes back when it wakes somebody:
 * no sleeper is left behind once everything is published. Flag and word are those of {@link WakeModelTest}; here, too, the bound
 * on a sleep is not in the model. There is no time in it either: the pause after which every store of before is visible is a fence in
 * the other threads.
 */
@ExtendWith(ModelReport.class)
class SoleWakerModelTest {
    enum Fault {
        NONE,

        // the sleeper's
        NO_PAUSE,
        PAUSE_BEFORE_FLAG,
        PAUSE_AFTER_SECOND_LOOK,
        UNFENCED_READ_BEFORE_FLAG,
        SLEEPER_WITHOUT_FENCE,

        // the waker's
        GOES_OVER_WITHOUT_FENCE,
        GOES_OVER_UNSAID,
        /** Wakes somebody, says that it fences again, and does not. */
        DOES_NOT_GO_BACK,

        // harmless
        NO_LOOK_WHEN_GOING_OVER,
        TAKEN_BACK_BEFORE_WAKE,
        TAKEN_BACK_PLAIN
    }

    /** Who closes, beside who publishes. */
    enum Closer {
        NONE,
        /** Another thread, as the one waker there is, once the first has done. */
        SUCCEEDS,
        /** Another thread at any time, with the fence of a waker among others. */
        FENCES,
        /** Another thread at any time, as if it were the only waker, too. */
        SHARES
    }

    @ParameterizedTest
    @CsvSource({
            "SEQUENTIAL, 1, 3, NONE",
            "STORE_BUFFER, 1, 2, NONE",
            "STORE_BUFFER, 1, 3, NONE",
            "STORE_BUFFER, 2, 2, NONE",
            "WEAK_STORES, 1, 3, NONE",
            "WEAK_STORES, 2, 2, NONE",
            "STORE_BUFFER, 1, 2, SUCCEEDS",
            "WEAK_STORES, 1, 2, SUCCEEDS",
            "STORE_BUFFER, 1, 2, FENCES",
            "WEAK_STORES, 1, 2, FENCES"})
    void shouldLeaveNobodyAsleep(Memory memory, int sleepers, int published, Closer closer) {
        Exploration found = Explorer.explore(ring(sleepers, published, closer, Fault.NONE), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_PAUSE", "PAUSE_BEFORE_FLAG", "PAUSE_AFTER_SECOND_LOOK", "UNFENCED_READ_BEFORE_FLAG",
            "SLEEPER_WITHOUT_FENCE", "GOES_OVER_WITHOUT_FENCE", "GOES_OVER_UNSAID", "DOES_NOT_GO_BACK"})
    void shouldLoseAWakeUpWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(ring(1, 3, Closer.NONE, fault), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains("left asleep");
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_PAUSE", "PAUSE_AFTER_SECOND_LOOK"})
    void shouldSleepThroughACloseWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(ring(1, 1, Closer.SUCCEEDS, fault), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains("left asleep");
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_PAUSE", "GOES_OVER_WITHOUT_FENCE", "SLEEPER_WITHOUT_FENCE", "PAUSE_AFTER_SECOND_LOOK"})
    void shouldNeedFencesAndPauseOnlyBecauseOfStoreBuffers(Fault fault) {
        assertThat(Explorer.explore(ring(1, 3, Closer.NONE, fault), SEQUENTIAL).holds()).isTrue();
    }

    /** One takes the word back that nobody need fence while the other still goes by it. */
    @Test
    void shouldLoseAWakeUpWhenTwoThreadsAreTheOnlyWaker() {
        Exploration found = Explorer.explore(ring(1, 2, Closer.SHARES, Fault.NONE), STORE_BUFFER);

        assertThat(found.violation()).as(found.toString()).isNotNull().contains("left asleep");
    }

    /**
     * Who sees no word that it is to pause has set its flag before the word was given, and the next look finds it. And
     * the word may be taken back in any order, as the wake that goes with it wakes whoever went by it.
     */
    @ParameterizedTest
    @EnumSource(names = {"NO_LOOK_WHEN_GOING_OVER", "TAKEN_BACK_BEFORE_WAKE", "TAKEN_BACK_PLAIN"})
    void shouldNotNeed(Fault fault) {
        assertThat(Explorer.explore(ring(1, 3, Closer.NONE, fault), WEAK_STORES).holds()).isTrue();
        assertThat(Explorer.explore(ring(2, 2, Closer.NONE, fault), WEAK_STORES).holds()).isTrue();
        assertThat(Explorer.explore(ring(1, 2, Closer.SUCCEEDS, fault), WEAK_STORES).holds()).isTrue();
    }

    private record Words(int data, int closed, int word, int flag, int unfenced, int mode, int done) {
        Words(Model m) {
            this(m.word("data", 0), m.word("closed", 0), m.word("word", 0), m.word("flag", 0), m.word("unfenced", 0),
                    m.word("mode", 0), m.word("done", 0));
        }
    }

    private static Model ring(int sleepers, int published, Closer closer, Fault fault) {
        Model m = new Model();
        Words w = new Words(m);
        Waker waker = new Waker(m.thread("waker"), w, closer == Closer.SHARES, fault);
        for (int i = 1; i <= published; i++) {
            waker.s.release(w.data, i);
            waker.signal("published" + i);
        }
        int[] wakers = closer == Closer.NONE ? new int[]{0} : new int[]{0, sleepers + 1};
        for (int i = 0; i < sleepers; i++) {
            sleeper(m.thread("sleeper" + i), w, published, wakers, fault);
        }
        if (closer == Closer.SUCCEEDS) {
            waker.s.release(w.mode, r -> r[waker.unfenced]).release(w.done, 1);
        }
        if (closer != Closer.NONE) {
            Waker other = new Waker(m.thread("closer"), w, closer == Closer.SHARES, fault);
            other.s.when(closer == Closer.SUCCEEDS, x -> x.await((word, r) -> word.at(w.done) == 1, "the waker"))
                    .release(w.closed, 1)
                    .when(closer != Closer.FENCES, x -> x.load(other.unfenced, w.mode));
            if (closer == Closer.FENCES) {
                other.signalAmongOthers("closed");
            } else {
                other.signal("closed");
            }
        }
        return m;
    }

    /** As far as it knows the only one; in a mode that it may share with another. */
    private static final class Waker {
        final Script s;
        final int unfenced;
        private final int flag;
        private final Words w;
        private final boolean shares;
        private final Fault fault;

        Waker(Script s, Words w, boolean shares, Fault fault) {
            this.s = s;
            this.w = w;
            this.shares = shares;
            this.fault = fault;
            this.unfenced = s.register("unfenced");
            this.flag = s.register("flag");
        }

        void signal(String label) {
            s.jumpIf(r -> r[unfenced] == 1, label + " without fence")
                    .fullFence()
                    .load(flag, w.flag)
                    .jumpIf(r -> r[flag] == 1, label + " found one");
            goOver();
            s.jumpIf(r -> r[flag] == 0, label)
                    .jump(label + " back")
                    .label(label + " without fence")
                    .load(flag, w.flag)
                    .jumpIf(r -> r[flag] == 0, label)
                    .label(label + " back");
            goBack();
            s.jump(label).label(label + " found one");
            wake();
            s.label(label);
        }

        void signalAmongOthers(String label) {
            s.fullFence().load(flag, w.flag).jumpIf(r -> r[flag] == 0, label);
            wake();
            s.label(label);
        }

        private void goOver() {
            s.when(fault != Fault.GOES_OVER_UNSAID, x -> x.release(w.unfenced, 1))
                    .when(fault != Fault.GOES_OVER_WITHOUT_FENCE, x -> x.fullFence())
                    .when(fault != Fault.NO_LOOK_WHEN_GOING_OVER, x -> x.load(flag, w.flag))
                    .set(unfenced, r -> 1 - r[flag])
                    .when(shares, x -> x.store(w.mode, r -> r[unfenced]));
        }

        private void goBack() {
            boolean early = fault == Fault.TAKEN_BACK_BEFORE_WAKE;
            s.set(unfenced, r -> fault == Fault.DOES_NOT_GO_BACK ? 1 : 0)
                    .when(shares, x -> x.store(w.mode, r -> r[unfenced]))
                    .when(early, x -> x.release(w.unfenced, 0));
            wake();
            s.when(!early, x -> x.store(r -> w.unfenced, r -> 0, fault != Fault.TAKEN_BACK_PLAIN));
        }

        private void wake() {
            s.store(w.flag, 0).fullFence().add(w.word, 1).wake(w.word);
        }
    }

    /** Takes everything up to {@code published}, or until closed where there is a second waker, who closes. */
    private static void sleeper(Script s, Words w, int published, int[] wakers, Fault fault) {
        int seen = s.register("data seen");
        int closed = s.register("closed");
        int word = s.register("word");
        int taken = s.register("taken");
        int unfenced = s.register("unfenced");
        boolean readEarly = fault == Fault.UNFENCED_READ_BEFORE_FLAG || fault == Fault.PAUSE_BEFORE_FLAG;
        s.label("look")
                .load(seen, w.data)
                .when(wakers.length > 1, x -> x.load(closed, w.closed))
                .jumpIf(r -> r[closed] == 1, "end")
                .jumpIf(r -> r[seen] > r[taken], "take")
                .load(word, w.word)
                .when(readEarly, x -> x.load(unfenced, w.unfenced))
                .when(fault == Fault.PAUSE_BEFORE_FLAG, x -> pause(x, unfenced, wakers))
                .store(w.flag, 1)
                .when(fault != Fault.SLEEPER_WITHOUT_FENCE, x -> x.fullFence())
                .when(!readEarly, x -> x.load(unfenced, w.unfenced))
                .when(fault != Fault.NO_PAUSE && fault != Fault.PAUSE_BEFORE_FLAG
                        && fault != Fault.PAUSE_AFTER_SECOND_LOOK, x -> pause(x, unfenced, wakers))
                .load(seen, w.data)
                .when(wakers.length > 1, x -> x.load(closed, w.closed))
                .jumpIf(r -> r[seen] > r[taken] || r[closed] == 1, "look")
                .when(fault == Fault.PAUSE_AFTER_SECOND_LOOK, x -> pause(x, unfenced, wakers))
                .sleep(w.word, word)
                .jump("look")
                .label("take")
                .set(taken, r -> r[seen])
                .jumpIf(r -> r[taken] >= published && wakers.length == 1, "end")
                .jump("look")
                .label("end");
    }

    /** If that register says so: what others stored before it is visible after it. */
    private static void pause(Script s, int unfenced, int[] threads) {
        s.jumpIf(r -> r[unfenced] == 0, "no pause").fullFence();
        for (int thread : threads) {
            s.remoteFence(thread);
        }
        s.label("no pause");
    }
}
