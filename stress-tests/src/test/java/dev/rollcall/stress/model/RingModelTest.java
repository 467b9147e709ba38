package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.SEQUENTIAL;
import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static dev.rollcall.stress.model.Memory.WEAK_STORES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The ring: no frame is lost, doubled or torn, and nobody waits for ever.
 *
 * <p>Four words of data; a frame is a header and up to one word of payload, of a length chosen anew for each; the writer's
 * limit is cached as in the writer. The word's value tells what it is: 0 nothing published, positive a header that holds
 * length and number, negative a payload that holds the number.
 */
@ExtendWith(ModelReport.class)
class RingModelTest {
    private static final int CAPACITY = 4;

    enum Fault {
        // the oldest unread header is zeroed: both sides wait for ever
        NO_ROOM_FOR_NEXT_HEADER("", STORE_BUFFER),
        NEXT_HEADER_ZEROED_AFTER_COMMIT("", STORE_BUFFER),
        NEXT_HEADER_NOT_ZEROED("", STORE_BUFFER),
        HEADER_BEFORE_PAYLOAD("torn", STORE_BUFFER),
        HEADER_STORED_PLAIN("", WEAK_STORES),
        PAYLOAD_READ_AHEAD_OF_HEADER("torn", STORE_BUFFER),
        POSITION_MOVED_BEFORE_READING("torn", STORE_BUFFER),
        SLOWEST_READER_IGNORED("", STORE_BUFFER);

        private final String violation;
        private final Memory weakest;

        Fault(String violation, Memory shownBy) {
            this.violation = violation;
            this.weakest = shownBy;
        }
    }

    @ParameterizedTest
    @CsvSource({"STORE_BUFFER, 1, 6", "WEAK_STORES, 1, 5", "STORE_BUFFER, 2, 4", "WEAK_STORES, 2, 3"})
    void shouldDeliverEveryFrameOnceAndWhole(Memory memory, int readers, int frames) {
        Exploration found = Explorer.explore(ring(readers, frames, EnumSet.noneOf(Fault.class)), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
        assertThat(found.states()).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void shouldBreakWithTheFault(Fault fault) {
        int readers = fault == Fault.SLOWEST_READER_IGNORED ? 2 : 1;
        Exploration found = Explorer.explore(ring(readers, 6, EnumSet.of(fault)), fault.weakest);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains(fault.violation);
    }

    @Test
    void shouldWaitForEverWithoutRoomForTheNextHeader() {
        Exploration found = Explorer.explore(ring(1, 6, EnumSet.of(Fault.NO_ROOM_FOR_NEXT_HEADER)), SEQUENTIAL);

        assertThat(found.violation()).isNotNull().contains("waits for ever");
    }

    @Test
    void shouldNotSeeAWeakenedReleaseOnX86() {
        Exploration found = Explorer.explore(ring(1, 5, EnumSet.of(Fault.HEADER_STORED_PLAIN)), STORE_BUFFER);

        assertThat(found.holds()).as("stores leave an x86 buffer in order, so only the weaker memory shows it")
                .isTrue();
    }

    private static Model ring(int readers, int frames, Set<Fault> faults) {
        Model m = new Model();
        int data = m.words("data", CAPACITY, 0);
        int positions = m.words("position", readers, 0);
        writer(m, data, positions, readers, frames, faults);
        for (int i = 0; i < readers; i++) {
            reader(m.thread("reader" + i), data, positions + i, frames, faults);
        }
        return m;
    }

    private static void writer(Model m, int data, int positions, int readers, int frames, Set<Fault> faults) {
        Script w = m.thread("writer");
        int tail = w.register("tail");
        int sent = w.register("sent");
        int length = w.register("length");
        int limit = w.register("limit");
        int next = faults.contains(Fault.NO_ROOM_FOR_NEXT_HEADER) ? 0 : 1;
        int watched = faults.contains(Fault.SLOWEST_READER_IGNORED) ? 1 : readers;
        Step.Guard room = (memory, r) -> r[tail] + r[length] + next <= slowest(memory, positions, watched) + CAPACITY;
        w.set(limit, r -> CAPACITY)
                .label("claim")
                .jumpIf(r -> r[sent] == frames, "done")
                .choose(length, 2)
                .set(length, r -> r[length] + 1)
                .jumpIf(r -> r[tail] + r[length] + next <= r[limit], "write")
                .fullFence()
                .await(room, "space")
                .set(limit, r -> r[tail] + r[length] + next) // the least that the scan can have found
                .label("write");
        Step.Value header = r -> 1 + r[sent] * 4 + r[length];
        Step.Value at = r -> data + r[tail] % CAPACITY;
        boolean headerFirst = faults.contains(Fault.HEADER_BEFORE_PAYLOAD);
        w.when(headerFirst, s -> s.release(at, header))
                .jumpIf(r -> r[length] == 1, "whole")
                .store(r -> data + (r[tail] + 1) % CAPACITY, r -> -1 - r[sent])
                .label("whole");
        boolean zeroBefore = !faults.contains(Fault.NEXT_HEADER_ZEROED_AFTER_COMMIT)
                && !faults.contains(Fault.NEXT_HEADER_NOT_ZEROED);
        Step.Value nextHeader = r -> data + (r[tail] + r[length]) % CAPACITY;
        w.when(zeroBefore, s -> s.store(nextHeader, r -> 0))
                .when(!headerFirst, s -> s.store(at, header, !faults.contains(Fault.HEADER_STORED_PLAIN)))
                .when(faults.contains(Fault.NEXT_HEADER_ZEROED_AFTER_COMMIT), s -> s.release(nextHeader, r -> 0))
                .set(tail, r -> r[tail] + r[length])
                .set(sent, r -> r[sent] + 1)
                .jump("claim")
                .label("done");
    }

    private static int slowest(Step.View memory, int positions, int readers) {
        int slowest = Integer.MAX_VALUE;
        for (int i = 0; i < readers; i++) {
            slowest = Math.min(slowest, memory.at(positions + i));
        }
        return slowest;
    }

    private static void reader(Script r, int data, int position, int frames, Set<Fault> faults) {
        int at = r.register("at");
        int seen = r.register("seen");
        int header = r.register("header");
        int payload = r.register("payload");
        boolean readAhead = faults.contains(Fault.PAYLOAD_READ_AHEAD_OF_HEADER);
        boolean moveFirst = faults.contains(Fault.POSITION_MOVED_BEFORE_READING);
        Step.Value payloadAt = x -> data + (x[at] + 1) % CAPACITY;
        Step.Value behind = x -> x[at] + (x[header] - 1) % 4;
        r.label("poll")
                .jumpIf(x -> x[seen] == frames, "done")
                .when(readAhead, s -> s.load(payload, payloadAt))
                .await((memory, x) -> memory.at(data + x[at] % CAPACITY) != 0, "a header")
                .load(header, x -> data + x[at] % CAPACITY)
                .jumpIf(x -> x[header] == 0, "poll")
                .require(x -> x[header] > 0, "torn: a payload stands where a header belongs")
                .require(x -> (x[header] - 1) / 4 == x[seen], "lost or doubled: not the frame that comes next")
                .when(moveFirst, s -> s.release(x -> position, behind))
                .jumpIf(x -> (x[header] - 1) % 4 == 1, "read")
                .when(!readAhead, s -> s.load(payload, payloadAt))
                .require(x -> x[payload] == -1 - x[seen], "torn: header and payload are of different frames")
                .label("read")
                .when(!moveFirst, s -> s.release(x -> position, behind))
                .set(at, behind)
                .set(seen, x -> x[seen] + 1)
                .jump("poll")
                .label("done");
    }
}
