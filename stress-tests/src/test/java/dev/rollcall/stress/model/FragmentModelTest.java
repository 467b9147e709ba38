package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A message in fragments comes whole and once or not at all: though the writer may run out of time in the middle of one, stop there and
 * begin the next, and the reader may leave at any moment and go on at the tail, in the middle of a message, or hand the same one out twice
 * because its handler sent it back.
 *
 * <p>Three messages, of three, two and two fragments; the first two may be given up behind any fragment but the last. A frame is one word
 * and says message, index and whether it is the last, so what can go wrong here is only what is put together. What the buffer of the
 * reader holds is a bit for each fragment of all.
 */
@ExtendWith(ModelReport.class)
class FragmentModelTest {
    private static final int MESSAGES = 3;
    private static final int[] FRAGMENTS = {0, 3, 2, 2};
    private static final int[] FIRST_BIT = {0, 0, 3, 5};
    private static final int ALL_FRAGMENTS = 7;
    private static final int NOBODYS = 0;

    enum Fault {
        /** A first fragment is added to what was unfinished. */
        REST_NOT_DISCARDED,
        /** A first fragment, too, must continue what is unfinished. */
        FIRST_REFUSED_WHILE_UNFINISHED,
        /** The last fragment is taken for the proof that the others came. */
        LAST_TAKEN_FOR_COMPLETE,
        /** What was sent back is not taken out of the buffer again. */
        NOT_TAKEN_BACK,
        /** Who goes on at the tail keeps what it had of another message. */
        KEPT_OVER_A_JUMP,
        /** Only the index must continue. */
        NUMBER_NOT_COMPARED,
        /** The next message has the number of the one that was given up. */
        NUMBER_USED_AGAIN
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldPutTogetherOnlyWholeMessages(Memory memory) {
        Exploration found = Explorer.explore(fragments(EnumSet.noneOf(Fault.class)), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
        assertThat(found.states()).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_NOT_DISCARDED", "FIRST_REFUSED_WHILE_UNFINISHED", "LAST_TAKEN_FOR_COMPLETE",
            "NOT_TAKEN_BACK"})
    void shouldBreakAMessageWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(fragments(EnumSet.of(fault)), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull();
    }

    /** A reader that jumps forgets, and the number would tell it, too: either is enough. */
    @ParameterizedTest
    @EnumSource(names = {"KEPT_OVER_A_JUMP", "NUMBER_NOT_COMPARED", "NUMBER_USED_AGAIN"})
    void shouldHoldWithoutOneOfTwoPrecautions(Fault fault) {
        Exploration found = Explorer.explore(fragments(EnumSet.of(fault)), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"NUMBER_NOT_COMPARED", "NUMBER_USED_AGAIN"})
    void shouldGlueTwoMessagesTogetherWithoutBothPrecautions(Fault fault) {
        Exploration found = Explorer.explore(fragments(EnumSet.of(fault, Fault.KEPT_OVER_A_JUMP)), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains("not the whole of one message");
    }

    private static Model fragments(Set<Fault> faults) {
        Model m = new Model();
        int frames = m.words("frame", ALL_FRAGMENTS + 1, 0);
        int tail = m.word("tail", 0);
        int began = m.words("whole from", MESSAGES + 1, 0);
        int end = m.word("end", 0);
        writer(m.thread("writer"), frames, tail, began, end, faults);
        reader(m.thread("reader"), frames, tail, began, end, faults);
        return m;
    }

    private static void writer(Script w, int frames, int tail, int began, int end, Set<Fault> faults) {
        int at = w.register("tail");
        int first = w.register("first");
        int number = w.register("number");
        int on = w.register("out of time");
        int given = w.register("given up");
        for (int message = 1; message <= MESSAGES; message++) {
            int each = message;
            boolean again = faults.contains(Fault.NUMBER_USED_AGAIN);
            w.set(number, r -> again && r[given] == 1 ? r[number] : each).set(given, r -> 0).set(first, r -> r[at]);
            for (int i = 0; i < FRAGMENTS[message]; i++) {
                int index = i;
                boolean last = i == FRAGMENTS[message] - 1;
                w.when(i > 0 && message < MESSAGES, s -> s.choose(on, 2).set(given, r -> r[on])
                        .jumpIf(r -> r[on] == 1, "over " + each));
                w.release(r -> frames + r[at], r -> frame(each, r[number], index, last)).set(at, r -> r[at] + 1)
                        .release(tail, r -> r[at]);
            }
            w.release(began + message, r -> r[first] + 1).label("over " + message);
        }
        w.release(end, 1);
    }

    /** Which message it is in truth, which it says it is, which fragment and whether the last. */
    private static int frame(int message, int number, int index, boolean last) {
        return message * 32 + number * 8 + index * 2 + (last ? 1 : 0);
    }

    private static int message(int frame) {
        return frame / 32;
    }

    private static int number(int frame) {
        return frame / 8 % 4;
    }

    private static int index(int frame) {
        return frame / 2 % 4;
    }

    private static boolean isLast(int frame) {
        return frame % 2 == 1;
    }

    private static int bit(int frame) {
        return 1 << (FIRST_BIT[message(frame)] + index(frame));
    }

    private static int whole(int message) {
        return ((1 << FRAGMENTS[message]) - 1) << FIRST_BIT[message];
    }

    /** Jumps to the tail once at most, and sends back once at most. */
    private static void reader(Script f, int frames, int tail, int began, int end, Set<Fault> faults) {
        int at = f.register("position");
        int frame = f.register("frame");
        int number = f.register("number at hand");
        int next = f.register("next index");
        int received = f.register("received");
        int bytes = f.register("in the buffer");
        int got = f.register("handed out");
        int joined = f.register("joined at");
        int jumps = f.register("jump");
        int jumped = f.register("jumped");
        int back = f.register("send back");
        int sentBack = f.register("sent back");
        int start = f.register("began at");

        f.label("again")
                .jumpIf(r -> r[jumped] == 1, "look")
                .choose(jumps, 2)
                .jumpIf(r -> r[jumps] == 0, "look")
                .set(jumped, r -> 1)
                .load(at, tail)
                .set(joined, r -> r[at])
                .when(!faults.contains(Fault.KEPT_OVER_A_JUMP),
                        s -> s.set(number, r -> NOBODYS).set(next, r -> 0).set(received, r -> 0).set(bytes, r -> 0))
                .label("look")
                .await((memory, r) -> memory.at(frames + r[at]) != 0 || memory.at(end) == 1, "a frame or the end")
                .load(frame, r -> frames + r[at])
                .jumpIf(r -> r[frame] == 0, "ended")
                .with(s -> accept(s, frame, number, next, received, bytes, faults))
                .set(at, r -> r[at] + 1)
                .jumpIf(r -> !isComplete(r[frame], r[number], r[received], faults), "again")
                .require(r -> r[bytes] == whole(message(r[frame])), "handed out what is not the whole of one message")
                .require(r -> (r[got] >> message(r[frame])) == 0, "handed out twice, or out of order")
                .jumpIf(r -> r[sentBack] == 1, "taken")
                .choose(back, 2)
                .jumpIf(r -> r[back] == 0, "taken")
                .set(sentBack, r -> 1)
                .set(at, r -> r[at] - 1)
                .when(!faults.contains(Fault.NOT_TAKEN_BACK), s -> s.set(received, r -> r[received] - 1)
                        .set(next, r -> r[next] - 1).set(bytes, r -> r[bytes] & ~bit(r[frame])))
                .jump("look")
                .label("taken")
                .set(got, r -> r[got] | (1 << message(r[frame])))
                .jump("again")
                .label("ended");
        for (int message = 1; message <= MESSAGES; message++) {
            int each = message;
            f.load(start, began + message).require(
                    r -> r[start] == 0 || r[start] - 1 < r[joined] || ((r[got] >> each) & 1) == 1,
                    "lost a message that was all written while it was there");
        }
    }

    /** What {@code FragmentAssembler.accept} does. */
    private static void accept(Script s, int frame, int number, int next, int received, int bytes, Set<Fault> faults) {
        String first = "first";
        String taken = "accepted";
        boolean refuses = faults.contains(Fault.FIRST_REFUSED_WHILE_UNFINISHED);
        boolean discards = !faults.contains(Fault.REST_NOT_DISCARDED);
        boolean compares = !faults.contains(Fault.NUMBER_NOT_COMPARED);
        s.jumpIf(r -> index(r[frame]) == 0 && (!refuses || isFinished(r[number], r[received])), first)
                .jumpIf(r -> index(r[frame]) == r[next] && (!compares || number(r[frame]) == r[number]), "continues")
                .set(number, r -> NOBODYS)
                .jump(taken)
                .label(first)
                .jumpIf(r -> !discards && !isFinished(r[number], r[received]), "added")
                .set(received, r -> 0)
                .set(bytes, r -> 0)
                .label("added")
                .set(number, r -> number(r[frame]))
                .set(next, r -> 0)
                .label("continues")
                .set(received, r -> r[received] + 1)
                .set(next, r -> r[next] + 1)
                .set(bytes, r -> r[bytes] | bit(r[frame]))
                .label(taken);
    }

    /** Or there was none. */
    private static boolean isFinished(int number, int received) {
        return received == FRAGMENTS[number] || number == NOBODYS;
    }

    private static boolean isComplete(int frame, int number, int received, Set<Fault> faults) {
        boolean counted = number != NOBODYS && received == FRAGMENTS[message(frame)];
        return isLast(frame) && (counted || faults.contains(Fault.LAST_TAKEN_FOR_COMPLETE));
    }
}
