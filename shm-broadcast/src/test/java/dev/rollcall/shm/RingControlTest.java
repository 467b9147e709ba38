package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static dev.rollcall.shm.Frames.drain;
import static dev.rollcall.shm.Frames.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.ControlledFrameHandler.Action;
import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handlers that steer the batch, and writers that publish in batches. */
class RingControlTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private RingWriter writer;
    private RingReader reader;
    private final List<String> seen = new ArrayList<>();

    @BeforeEach
    void create() {
        Path file = folder.resolve("ring");
        writer = RingWriter.create(file, RingConfig.of(PAGE, 1));
        reader = RingReader.join(file, 0);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    private int poll(String at, Action action) {
        return reader.controlledPoll((_, b, o, l) -> {
            String text = Frames.string(b, o, l);
            seen.add(text);
            return text.equals(at) ? action : Action.CONTINUE;
        }, 10);
    }

    private void offerThree() {
        offer(writer, "a");
        offer(writer, "b");
        offer(writer, "c");
    }

    @Test
    void shouldHandAnAbortedFrameOutAgain() {
        offerThree();
        assertThat(poll("b", Action.ABORT)).isEqualTo(1);
        assertThat(seen).containsExactly("a", "b");
        assertThat(reader.lag().messages()).isEqualTo(2);
        assertThat(poll("b", Action.ABORT)).isZero();
        assertThat(poll("", Action.CONTINUE)).isEqualTo(2);
        assertThat(seen).containsExactly("a", "b", "b", "b", "c");
        assertThat(reader.lag().messages()).isZero();
    }

    @Test
    void shouldTellWhoPollsAClosedReader() {
        offerThree();
        reader.close();
        assertThatThrownBy(() -> poll("", Action.CONTINUE)).isInstanceOf(RingClosedException.class);
        assertThatThrownBy(() -> drain(reader)).isInstanceOf(RingClosedException.class)
                .hasMessageContaining("reader is closed: slot=0");
    }

    @Test
    void shouldTellAHandlerThatClosesItsReader() {
        offerThree();
        assertThatThrownBy(() -> reader.poll((_, _, _, _) -> reader.close(), 10))
                .isInstanceOf(RingClosedException.class);
    }

    @Test
    void shouldPassAnIllegalStateOfTheHandlerOn() {
        offerThree();
        IllegalStateException mine = new IllegalStateException("mine");
        assertThatThrownBy(() -> reader.poll((_, _, _, _) -> {
            throw mine;
        }, 10)).isSameAs(mine);
        assertThat(drain(reader)).containsExactly("b", "c");
    }

    @Test
    void shouldEndTheBatchAfterABreak() {
        offerThree();
        assertThat(poll("b", Action.BREAK)).isEqualTo(2);
        assertThat(drain(reader)).containsExactly("c");
    }

    @Test
    void shouldFreeSpaceAtACommit() {
        offerThree();
        List<Long> lags = new ArrayList<>();
        int frames = reader.controlledPoll((_, _, _, _) -> {
            lags.add(reader.lag().messages());
            return lags.size() == 2 ? Action.COMMIT : Action.CONTINUE;
        }, 10);
        assertThat(frames).isEqualTo(3);
        assertThat(lags).containsExactly(3L, 3L, 1L);
        assertThat(reader.lag().messages()).isZero();
        assertThat(reader.position()).isEqualTo(writer.position());
    }

    @Test
    void shouldCountAFrameThatThrewAsReadInAControlledPollToo() {
        offerThree();
        assertThatThrownBy(() -> reader.controlledPoll((_, b, o, l) -> {
            if (Frames.string(b, o, l).equals("b")) {
                throw new IllegalStateException("no");
            }
            return Action.CONTINUE;
        }, 10)).isInstanceOf(IllegalStateException.class).hasMessage("no");
        assertThat(drain(reader)).containsExactly("c");
    }

    @Test
    void shouldWakeASleepingReaderOnceForABatch() throws Exception {
        Task<Boolean> sleeper = Task.start(() -> reader.await(20 * Frames.SECOND));
        Await.untilAsleep(sleeper);
        int word;
        try (var mapped = RingLayout.open(folder.resolve("ring"), true)) {
            int before = Words.intOpaque(mapped.memory(), RingLayout.DATA_CELL);
            try (var _ = writer.batch()) {
                offerThree();
                assertThat(Words.intOpaque(mapped.memory(), RingLayout.DATA_CELL)).as("nobody woken yet")
                        .isEqualTo(before);
                assertThat(writer.lags().getFirst().messages()).as("but published").isEqualTo(3);
            }
            word = Words.intOpaque(mapped.memory(), RingLayout.DATA_CELL) - before;
        }
        assertThat(sleeper.join()).isTrue();
        assertThat(word).isLessThanOrEqualTo(1);
        assertThat(drain(reader)).containsExactly("a", "b", "c");
        offer(writer, "after");
        assertThat(drain(reader)).containsExactly("after");
    }

    @Test
    void shouldNotDeadlockWhenABatchIsLargerThanTheRing() throws Exception {
        int messages = 5_000;
        Task<Integer> reading = Task.start(() -> {
            int count = 0;
            while (count < messages) {
                assertThat(reader.await(10 * Frames.SECOND)).isTrue();
                count += reader.poll((_, _, _, _) -> {}, 1000);
            }
            return count;
        });
        long start = System.nanoTime();
        try (var _ = writer.batch()) {
            for (int i = 0; i < messages; i++) {
                Frames.write(writer, "a batch that does not fit");
            }
        }
        assertThat(reading.join()).isEqualTo(messages);
        assertThat(System.nanoTime() - start).as("no round needed the 100 ms bound").isLessThan(10 * Frames.SECOND);
    }

    @Test
    void shouldRingTheDoorbellOncePerBatch() {
        try (SharedFile file = SharedFile.create(folder.resolve("bell"), PAGE)) {
            writer.doorbell(new WaitCell(file.memory(), 0));
            Words.intOpaque(file.memory(), 4, 1); // as if somebody slept there
            try (var _ = writer.batch()) {
                offerThree();
                assertThat(Words.intOpaque(file.memory(), 0)).isZero();
            }
            assertThat(Words.intOpaque(file.memory(), 0)).isEqualTo(1);
            assertThat(Words.intOpaque(file.memory(), 4)).isZero();
            writer.close(); // rings once more
        }
    }

    @Test
    void shouldKnowWhetherAnybodyIsThere() {
        assertThat(writer.isConnected()).isTrue();
        assertThat(reader.isConnected()).isTrue();
        reader.close();
        assertThat(writer.isConnected()).isFalse();
        assertThat(reader.isConnected()).isFalse();
        try (RingReader other = RingReader.join(folder.resolve("ring"), 0)) {
            writer.close();
            assertThat(writer.isConnected()).isFalse();
            assertThat(other.isConnected()).isFalse();
        }
    }
}
