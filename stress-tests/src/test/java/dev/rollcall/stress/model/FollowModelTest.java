package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static dev.rollcall.stress.model.Memory.WEAK_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A follower, whom nothing holds back for, reads the frame at its position while the writer, who knows nothing of it, overwrites
 * it: what it keeps is that frame and whole, because the writer publishes how far it may write before it stores anything below
 * that, and the follower looks at this limit behind all that it has read.
 *
 * <p>Four words of data. A frame is a header, which is its length, and one word less of payload, which is less than zero and says
 * its number: 1 has three words, and is followed by 2 and 3 of two words each. So where the header of the first was there is
 * payload of the second, and where its payload was a header and payload of the third.
 */
@ExtendWith(ModelReport.class)
class FollowModelTest {
    private static final int CAPACITY = 4;
    private static final int LONG = 3;

    enum Fault {
        NONE(STORE_BUFFER, ""),
        LIMIT_STORED_AFTER_THE_PAYLOAD(STORE_BUFFER, "believed a length"),
        LIMIT_STORED_WITHOUT_FENCE(WEAK_STORES, "believed a length"),
        CHECKED_BEFORE_THE_COPY(STORE_BUFFER, "torn or foreign"),
        NOT_CHECKED_AFTER_THE_HEADER(STORE_BUFFER, "believed a length");

        private final Memory shownBy;
        private final String violation;

        Fault(Memory shownBy, String violation) {
            this.shownBy = shownBy;
            this.violation = violation;
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldKeepOnlyWholeFrames(Memory memory) {
        Exploration found = Explorer.explore(follow(Fault.NONE), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
        assertThat(found.states()).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldKeepAForeignFrameWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(follow(fault), fault.shownBy);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains(fault.violation);
    }

    private static Model follow(Fault fault) {
        Model m = new Model();
        int data = m.words("data", CAPACITY, 0);
        int tail = m.word("tail", 0);
        int limit = m.word("claim limit", 0);
        writer(m.thread("writer"), data, tail, limit, fault);
        follower(m.thread("follower"), data, limit, fault);
        return m;
    }

    /** Frames at 0 to 3, at 3 to 5 and at 5 to 7: from the second on it goes over what the first was. */
    private static void writer(Script w, int data, int tail, int limit, Fault fault) {
        publish(w, data, tail, limit, fault, 0, LONG, 1);
        publish(w, data, tail, limit, fault, LONG, 2, 2);
        publish(w, data, tail, limit, fault, LONG + 2, 2, 3);
    }

    private static void publish(Script w, int data, int tail, int limit, Fault fault, int at, int words, int number) {
        int next = at + words;
        int claimed = next + 1;
        if (fault != Fault.LIMIT_STORED_AFTER_THE_PAYLOAD) {
            w.store(limit, claimed).when(fault != Fault.LIMIT_STORED_WITHOUT_FENCE, s -> s.storeFence());
        }
        for (int i = 1; i < words; i++) {
            w.store(data + (at + i) % CAPACITY, -number);
        }
        w.store(data + next % CAPACITY, 0);
        if (fault == Fault.LIMIT_STORED_AFTER_THE_PAYLOAD) {
            w.release(limit, claimed);
        }
        w.release(data + at % CAPACITY, words).release(tail, next);
    }

    /** Stands at the first frame. */
    private static void follower(Script f, int data, int limit, Fault fault) {
        int header = f.register("header");
        int first = f.register("first");
        int second = f.register("second");
        int seen = f.register("limit");
        f.load(header, data)
                .when(fault != Fault.NOT_CHECKED_AFTER_THE_HEADER, s -> check(s, limit, seen))
                .jumpIf(r -> r[header] == 0, "nothing")
                .require(r -> r[header] == LONG, "believed a length that is not of its frame")
                .when(fault == Fault.CHECKED_BEFORE_THE_COPY, s -> check(s, limit, seen))
                .load(first, data + 1)
                .load(second, data + 2)
                .when(fault != Fault.CHECKED_BEFORE_THE_COPY, s -> check(s, limit, seen))
                .require(r -> r[first] == -1 && r[second] == -1, "kept a torn or foreign frame")
                .label("nothing")
                .label("overtaken");
    }

    private static void check(Script f, int limit, int seen) {
        f.load(seen, limit).jumpIf(r -> r[seen] - CAPACITY > 0, "overtaken");
    }
}
