package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A reader joins while the writer writes: from the position it settled on, it finds every frame, and the writer overwrites
 * none that it has not read. A writer that waits for it writes nothing that this reader does not find.
 *
 * <p>Frames of one word each, with the number of the frame in it; three words of data, so two frames fit beside the next header.
 */
@ExtendWith(ModelReport.class)
class JoinModelTest {
    private static final int CAPACITY = 3;
    private static final int FREE = 0;
    private static final int JOINING = 1;
    private static final int ACTIVE = 2;
    /** After so many frames the writer waits for a reader. */
    private static final int AWAITED = 2;
    private static final int NOT_AWAITED = -1;

    enum Fault {
        NONE,
        TAIL_STORED_ONLY_BEFORE_A_SCAN,
        TAIL_NEVER_STORED,
        WRITER_WITHOUT_FENCE,
        JOINER_WITHOUT_FENCE,
        LIMIT_UNBOUNDED_WITHOUT_READERS,
        JOINING_DOES_NOT_GATE,
        TAIL_NOT_READ_AGAIN,
        NO_POSITION_BEFORE_ACTIVE,
        ACTIVE_BEFORE_SETTLED
    }

    @ParameterizedTest
    @CsvSource({"STORE_BUFFER, 5", "WEAK_STORES, 5", "SEQUENTIAL, 6"})
    void shouldFindEveryFrameFromWhereItJoined(Memory memory, int frames) {
        Exploration found = Explorer.explore(join(frames, 0, Fault.NONE), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldFindEveryFrameThatWasWrittenForIt(Memory memory) {
        Exploration found = Explorer.explore(join(4, 0, Fault.NONE, AWAITED), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @Test
    void shouldMissAFrameThatWasWrittenForItIfActiveBeforeItSettled() {
        Exploration found = Explorer.explore(join(4, 0, Fault.ACTIVE_BEFORE_SETTLED, AWAITED), STORE_BUFFER);

        assertThat(found.violation()).as(found.toString()).isNotNull().contains("begins behind");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"NONE", "TAIL_STORED_ONLY_BEFORE_A_SCAN",
            "NO_POSITION_BEFORE_ACTIVE", "ACTIVE_BEFORE_SETTLED"})
    void shouldLoseFramesWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(join(5, 0, fault), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = {"TAIL_STORED_ONLY_BEFORE_A_SCAN", "ACTIVE_BEFORE_SETTLED"})
    void shouldBeSafeToo(Fault other) {
        Exploration found = Explorer.explore(join(5, 0, other), STORE_BUFFER);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    /** A stopped predecessor in the same slot comes back and stores its position: why a living reader's slot is never reused. */
    @ParameterizedTest
    @CsvSource({"NONE", "NO_POSITION_BEFORE_ACTIVE"})
    void shouldLoseFramesToAZombiesStore(Fault fault) {
        Model m = join(5, 0, fault);
        m.thread("zombie").release(m.wordNamed("position"), 4);

        assertThat(Explorer.explore(m, STORE_BUFFER).violation()).isNotNull();
    }

    /** The position left by a predecessor must not count once the slot is active again. */
    @ParameterizedTest
    @CsvSource({"NO_POSITION_BEFORE_ACTIVE, false", "NONE, true"})
    void shouldStorePositionBeforeItBecomesActive(Fault fault, boolean holds) {
        Exploration found = Explorer.explore(join(5, 4, fault), STORE_BUFFER);

        assertThat(found.holds()).as(found.toString()).isEqualTo(holds);
    }

    private static Model join(int frames, int formerPosition, Fault fault) {
        return join(frames, formerPosition, fault, NOT_AWAITED);
    }

    private static Model join(int frames, int formerPosition, Fault fault, int awaitedAfter) {
        Model m = new Model();
        int data = m.words("data", CAPACITY, 0);
        int tail = m.word("tail", 0);
        int state = m.word("state", FREE);
        int position = m.word("position", formerPosition);
        int promised = m.word("written for it, from here on", 0);
        writer(m.thread("writer"), data, tail, state, position, frames, fault, awaitedAfter, promised);
        joiner(m.thread("joiner"), data, tail, state, position, frames, fault, promised);
        return m;
    }

    private static void writer(Script w, int data, int tail, int state, int position, int frames, Fault fault,
            int awaitedAfter, int promised) {
        int sent = w.register("sent");
        int limit = w.register("limit");
        int seen = w.register("state");
        int slowest = w.register("position");
        w.set(limit, r -> CAPACITY)
                .label("claim")
                .jumpIf(r -> r[sent] == frames, "done")
                .jumpIf(r -> r[sent] != awaitedAfter, "go on")
                .await((memory, r) -> memory.at(state) == ACTIVE, "an active reader")
                .store(promised, r -> r[sent] + 1)
                .label("go on")
                .jumpIf(r -> r[sent] + 2 <= r[limit], "write")
                .when(fault == Fault.TAIL_STORED_ONLY_BEFORE_A_SCAN, s -> s.release(tail, r -> r[sent]))
                .when(fault != Fault.WRITER_WITHOUT_FENCE, s -> s.fullFence())
                .load(seen, state)
                .jumpIf(r -> r[seen] == FREE || (fault == Fault.JOINING_DOES_NOT_GATE && r[seen] == JOINING),
                        "nobody")
                .load(slowest, position)
                .set(limit, r -> Math.min(r[slowest], r[sent]) + CAPACITY)
                .jumpIf(r -> r[sent] + 2 <= r[limit], "write")
                .await((memory, r) -> r[sent] + 2 <= memory.at(position) + CAPACITY, "space")
                .jump("claim")
                .label("nobody")
                .set(limit, r -> fault == Fault.LIMIT_UNBOUNDED_WITHOUT_READERS ? 99 : r[sent] + CAPACITY)
                .label("write")
                .store(r -> data + (r[sent] + 1) % CAPACITY, r -> 0)
                .release(r -> data + r[sent] % CAPACITY, r -> r[sent] + 1)
                .set(sent, r -> r[sent] + 1)
                .when(fault != Fault.TAIL_NEVER_STORED && fault != Fault.TAIL_STORED_ONLY_BEFORE_A_SCAN,
                        s -> s.release(tail, r -> r[sent]))
                .jump("claim")
                .label("done")
                // closing stores it in any case
                .release(tail, r -> r[sent]);
    }

    private static void joiner(Script j, int data, int tail, int state, int position, int frames, Fault fault,
            int promised) {
        int at = j.register("at");
        int header = j.register("header");
        int first = j.register("first");
        int expected = j.register("expected");
        boolean early = fault != Fault.NO_POSITION_BEFORE_ACTIVE && fault != Fault.JOINING_DOES_NOT_GATE;
        j.when(early, s -> s.load(at, tail).release(position, r -> r[at]))
                .release(state, fault == Fault.ACTIVE_BEFORE_SETTLED ? ACTIVE : JOINING)
                .when(fault != Fault.JOINER_WITHOUT_FENCE, s -> s.fullFence())
                .when(fault != Fault.TAIL_NOT_READ_AGAIN, s -> s.load(at, tail).release(position, r -> r[at]))
                .release(state, ACTIVE)
                .set(first, r -> r[at])
                .label("poll")
                .jumpIf(r -> r[at] == frames, "done")
                .await((memory, r) -> memory.at(data + r[at] % CAPACITY) != 0, "a frame")
                .load(header, r -> data + r[at] % CAPACITY)
                .require(r -> r[header] == r[at] + 1, "overwritten: not the frame that comes next")
                .set(at, r -> r[at] + 1)
                .release(position, r -> r[at])
                .jump("poll")
                .label("done")
                .load(expected, promised)
                .require(r -> r[expected] == 0 || r[first] < r[expected], "begins behind what a writer that waited for"
                        + " it wrote");
    }
}
