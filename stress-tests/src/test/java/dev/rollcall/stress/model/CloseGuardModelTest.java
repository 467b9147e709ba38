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
 * Memory that is closed while a thread uses it without a check per access: it goes once, never while that thread is inside, and
 * it does go. A reader polls twice, its handler may close too or instead, and its position is stored before the next reader has
 * the slot. A writer publishes by copy and then in place, and what it was told it had published the closer sees.
 */
@ExtendWith(ModelReport.class)
class CloseGuardModelTest {
    private static final int USER = 0;
    private static final int BRIEF = 1;
    private static final int STAYS = 2;
    private static final int POLLS = 2;
    private static final int NEXT_READERS = 9;

    enum Fault {
        NONE,

        // nobody unmaps
        LEFT_WITHOUT_BARRIER,
        BARRIER_BEFORE_LEAVING,
        /** Looks whether somebody is inside, then leaves it to whoever was. */
        LOOKED_BEFORE_LEAVING,
        USER_DOES_NOT_LOOK,
        USER_LOOKS_BEFORE_IT_GOES,
        /** Who finds the door closed goes without a look. */
        REFUSED_DOES_NOT_LOOK,

        // unmapped under the user
        LOOKED_BEFORE_MARKING,
        UNMAPPED_WITHOUT_LOOKING,
        /** A handler that polls: the inner poll takes away the mark of the outer one. */
        VISIT_IN_A_VISIT,

        // unmapped twice
        TAKEN_WITHOUT_CAS,

        // the poll's last store comes after the memory has gone
        LEFT_WITH_PLAIN_STORE,

        // the writer's own
        CLOSED_WITHOUT_BARRIER,
        NOT_WAITED_FOR,
        /** Looks at closed when it claims only. */
        COMMITTED_WITHOUT_LOOKING
    }

    @ParameterizedTest
    @CsvSource({"SEQUENTIAL, false", "STORE_BUFFER, false", "STORE_BUFFER, true", "WEAK_STORES, false",
            "WEAK_STORES, true"})
    void shouldUnmapOnceWhenNobodyIsInside(Memory memory, boolean symmetric) {
        Exploration found = Explorer.explore(reader(Fault.NONE, symmetric), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"LEFT_WITHOUT_BARRIER", "BARRIER_BEFORE_LEAVING", "LOOKED_BEFORE_LEAVING",
            "USER_DOES_NOT_LOOK",
            "USER_LOOKS_BEFORE_IT_GOES", "REFUSED_DOES_NOT_LOOK"})
    void shouldLeaveTheMemoryForEverWithTheFault(Fault fault) {
        Exploration polled = Explorer.explore(reader(fault, false), STORE_BUFFER);
        Exploration claimed = Explorer.explore(writer(fault, false), STORE_BUFFER);

        assertThat(polled.violation()).as(fault + ": " + polled).isEqualTo("next reader waits for ever");
        assertThat(claimed.violation()).as(fault + ": " + claimed).isEqualTo("unmapped 0 times");
    }

    @ParameterizedTest
    @EnumSource(names = {"UNMAPPED_WITHOUT_LOOKING", "VISIT_IN_A_VISIT", "LOOKED_BEFORE_MARKING"})
    void shouldUnmapUnderThePollWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(reader(fault, false), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isEqualTo("memory has gone");
    }

    @Test
    void shouldUnmapTwiceWhenBothTakeIt() {
        Exploration found = Explorer.explore(reader(Fault.TAKEN_WITHOUT_CAS, false), STORE_BUFFER);

        assertThat(found.violation()).as(found.toString()).isEqualTo("unmapped 2 times");
    }

    @Test
    void shouldStoreIntoTheNextReadersSlotOnlyWhereStoresPassEachOther() {
        assertThat(Explorer.explore(reader(Fault.LEFT_WITH_PLAIN_STORE, false), STORE_BUFFER).holds()).isTrue();

        Exploration found = Explorer.explore(reader(Fault.LEFT_WITH_PLAIN_STORE, false), WEAK_STORES);

        assertThat(found.violation()).as(found.toString()).startsWith("position is a former reader's");
    }

    @Test
    void shouldNeedBarriersOnlyBecauseOfStoreBuffers() {
        assertThat(Explorer.explore(reader(Fault.LEFT_WITHOUT_BARRIER, false), SEQUENTIAL).holds()).isTrue();
        assertThat(Explorer.explore(writer(Fault.CLOSED_WITHOUT_BARRIER, false), SEQUENTIAL).holds()).isTrue();
    }

    /** A poll that comes in unseen is seen after the second barrier, and nobody looks before. */
    @Test
    void shouldNeedTheFirstBarrierOnlyForTheWriter() {
        assertThat(Explorer.explore(reader(Fault.CLOSED_WITHOUT_BARRIER, false), WEAK_STORES).holds()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"SEQUENTIAL, false", "STORE_BUFFER, false", "STORE_BUFFER, true", "WEAK_STORES, false",
            "WEAK_STORES, true"})
    void shouldSeeEveryPublicationBeforeTheEnd(Memory memory, boolean symmetric) {
        Exploration found = Explorer.explore(writer(Fault.NONE, symmetric), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSED_WITHOUT_BARRIER", "NOT_WAITED_FOR", "LOOKED_BEFORE_MARKING",
            "COMMITTED_WITHOUT_LOOKING", "UNMAPPED_WITHOUT_LOOKING"})
    void shouldMissAPublicationOrUnmapUnderItWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(writer(fault, false), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isIn("memory has gone", "published after the end");
    }

    private static Model reader(Fault fault, boolean symmetric) {
        Model m = new Model();
        Words w = new Words(m);
        int position = m.word("position", 0);
        User u = new User(m.thread("user"), w, fault, symmetric);
        for (int poll = 1; poll <= POLLS; poll++) {
            int stored = poll;
            u.enter(STAYS, "refused" + poll).touch();
            if (poll == 1) {
                u.s.choose(u.closes, 2).jumpIf(r -> r[u.closes] == 0, "goes on");
                close(u.s, w, fault, symmetric, -1, -1);
                u.s.label("goes on");
            }
            if (fault == Fault.VISIT_IN_A_VISIT) {
                u.enter(STAYS, "inner refused" + poll).touch().exit("inner over" + poll, "inner refused" + poll);
            }
            u.touch().s.release(position, stored);
            u.exit("over" + poll, "refused" + poll);
        }
        close(m.thread("closer"), w, fault, symmetric, USER, -1);
        m.thread("next reader").await((word, r) -> word.at(w.unmapped) > 0, "the slot").store(position, NEXT_READERS);
        return m.atEnd(end -> end.word(w.unmapped) != 1
                ? "unmapped " + end.word(w.unmapped) + " times"
                : end.word(position) == NEXT_READERS ? null : "position is a former reader's: " + end.word(position));
    }

    private static Model writer(Fault fault, boolean symmetric) {
        Model m = new Model();
        Words w = new Words(m);
        int frames = m.word("frames", 0);
        int atEnd = m.word("frames at the end", 0);
        User u = new User(m.thread("user"), w, fault, symmetric);
        u.enter(BRIEF, "refused1").touch().s.release(frames, 1);
        u.exit("over1", "refused1");
        u.enter(STAYS, "refused2").touch();
        if (fault != Fault.COMMITTED_WITHOUT_LOOKING) {
            u.enter(BRIEF, "refused2");
        }
        u.touch().s.release(frames, 2);
        u.exit("over2", "refused2");
        Script closer = m.thread("closer");
        close(closer, w, fault, symmetric, USER, frames);
        closer.label("end").store(atEnd, r -> r[0]);
        return m.atEnd(end -> end.word(w.unmapped) != 1
                ? "unmapped " + end.word(w.unmapped) + " times"
                : end.word(frames) == end.word(atEnd) ? null : "published after the end");
    }

    private record Words(int inside, int closed, int last, int unmapped, int monitor) {
        Words(Model m) {
            this(m.word("inside", 0), m.word("closed", 0), m.word("last", 0), m.word("unmapped", 0),
                    m.word("monitor", 0));
        }
    }

    /**
     * Of the volatile stores each has the closer's own fence behind it; the barrier is for the user, if that is another. Frames,
     * if there are any, are counted into the first register once no publication is under way.
     */
    private static void close(Script s, Words w, Fault fault, boolean symmetric, int user, int frames) {
        int counted = s.register("frames");
        int before = s.register("closed before");
        int seen = s.register("inside");
        int got = s.register("taken");
        boolean barrier = !symmetric && user >= 0;
        boolean early = fault == Fault.LOOKED_BEFORE_LEAVING;
        boolean looks = fault != Fault.UNMAPPED_WITHOUT_LOOKING;
        s.lock(w.monitor).load(before, w.closed).jumpIf(r -> r[before] == 1, "closed")
                .store(w.closed, 1).fullFence()
                .when(barrier && fault != Fault.CLOSED_WITHOUT_BARRIER, x -> x.remoteFence(user))
                .when(frames >= 0 && fault != Fault.NOT_WAITED_FOR,
                        x -> x.await((word, r) -> word.at(w.inside) != BRIEF, "the publication"))
                .when(frames >= 0, x -> x.load(counted, frames))
                .when(early, x -> x.load(seen, w.inside))
                .when(barrier && fault == Fault.BARRIER_BEFORE_LEAVING, x -> x.remoteFence(user))
                .store(w.last, 1).fullFence()
                .when(barrier && fault != Fault.LEFT_WITHOUT_BARRIER && fault != Fault.BARRIER_BEFORE_LEAVING,
                        x -> x.remoteFence(user))
                .when(looks && !early, x -> x.load(seen, w.inside))
                .jumpIf(r -> r[seen] != 0, "closed");
        take(s, w, fault, got, "closed");
        s.label("closed").unlock(w.monitor);
    }

    private static void take(Script s, Words w, Fault fault, int got, String otherwise) {
        boolean cas = fault != Fault.TAKEN_WITHOUT_CAS;
        s.when(cas, x -> x.compareAndSet(got, w.last, 1, 0))
                .when(!cas, x -> x.load(got, w.last))
                .jumpIf(r -> r[got] == 0, otherwise)
                .when(!cas, x -> x.store(w.last, 0))
                .add(w.unmapped, 1);
    }

    /** The using thread. */
    private static final class User {
        final Script s;
        final int closes;
        private final Words w;
        private final Fault fault;
        private final boolean symmetric;
        private final int closed;
        private final int last;
        private final int gone;

        User(Script s, Words w, Fault fault, boolean symmetric) {
            this.s = s;
            this.w = w;
            this.fault = fault;
            this.symmetric = symmetric;
            this.closes = s.register("closes itself");
            this.closed = s.register("closed");
            this.last = s.register("last");
            this.gone = s.register("gone");
        }

        User touch() {
            s.load(gone, w.unmapped).require(r -> r[gone] == 0, "memory has gone");
            return this;
        }

        User enter(int mark, String refused) {
            boolean early = fault == Fault.LOOKED_BEFORE_MARKING;
            s.when(early, x -> x.load(closed, w.closed))
                    .store(w.inside, mark)
                    .when(symmetric, x -> x.fullFence())
                    .when(!early, x -> x.load(closed, w.closed))
                    .jumpIf(r -> r[closed] == 1, refused);
            return this;
        }

        /** Also for who was refused, and comes in at that label. */
        void exit(String over, String refused) {
            boolean looks = fault != Fault.USER_DOES_NOT_LOOK;
            leave(looks, over + " inside");
            s.jump(over).label(refused);
            leave(looks && fault != Fault.REFUSED_DOES_NOT_LOOK, over + " outside");
            s.label(over);
        }

        private void leave(boolean looks, String left) {
            boolean early = fault == Fault.USER_LOOKS_BEFORE_IT_GOES;
            s.when(looks && early, x -> x.load(last, w.last))
                    .store(r -> w.inside, r -> 0, fault != Fault.LEFT_WITH_PLAIN_STORE)
                    .when(symmetric, x -> x.fullFence());
            if (looks) {
                s.when(!early, x -> x.load(last, w.last)).jumpIf(r -> r[last] == 0, left);
                take(s, w, fault, last, left);
            }
            s.label(left);
        }
    }
}
