package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static dev.rollcall.shm.Frames.drain;
import static dev.rollcall.shm.Frames.offer;
import static dev.rollcall.shm.Frames.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that come late, go, come again, and the slots they use. */
class RingReadersTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Path file;
    private RingWriter writer;

    @BeforeEach
    void create() {
        file = folder.resolve("ring");
        writer = RingWriter.create(file, RingConfig.of(PAGE, 3));
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void shouldShowALateReaderOnlyWhatComesAfterIt() {
        write(writer, "early");
        try (RingReader late = RingReader.join(file, 2)) {
            write(writer, "now");
            assertThat(drain(late)).containsExactly("now");
            assertThat(writer.lags()).singleElement().satisfies(lag -> assertThat(lag.messages()).isZero());
        }
    }

    @Test
    void shouldFreeTheWriterWhenAReaderLeaves() {
        RingReader slow = RingReader.join(file, 0);
        while (offer(writer, "filling the ring") >= 0) {
            assertThat(writer.position()).isLessThan(PAGE);
        }
        slow.close();
        slow.close();
        assertThat(offer(writer, "goes on")).isPositive();
        assertThat(writer.lags()).singleElement().satisfies(lag -> assertThat(lag.state()).isEqualTo(ReaderState.LEFT));
    }

    @Test
    void shouldGiveARejoinedSlotANewGeneration() {
        try (RingObserver observer = RingObserver.open(file)) {
            for (int round = 1; round <= 3; round++) {
                write(writer, "unseen");
                try (RingReader reader = RingReader.join(file, 1)) {
                    write(writer, "round " + round);
                    assertThat(drain(reader)).containsExactly("round " + round);
                    assertThat(stateWord(1) >>> 8).isEqualTo(round);
                }
                assertThat(observer.status().readers()).singleElement()
                        .satisfies(lag -> assertThat(lag.state()).isEqualTo(ReaderState.LEFT));
            }
        }
    }

    private long stateWord(int slot) {
        try (var mapped = RingLayout.open(file, true)) {
            return Words.longAcquire(mapped.memory(), RingLayout.slot(slot) + RingLayout.SLOT_STATE);
        }
    }

    @Test
    void shouldRefuseASecondReaderInASlot() {
        try (RingReader _ = RingReader.join(file, 0)) {
            assertThatThrownBy(() -> RingReader.join(file, 0)).isInstanceOf(SegmentInUseException.class)
                    .hasMessageContaining("slot=0").hasMessageContaining("pid=" + ProcessHandle.current().pid());
        }
        RingReader.join(file, 0).close();
        assertThatThrownBy(() -> RingReader.join(file, 3)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slots=3");
        assertThatThrownBy(() -> RingReader.join(file, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseASecondWriterAndAnyAfterTheFirst() {
        assertThatThrownBy(() -> RingWriter.own(file)).isInstanceOf(SegmentInUseException.class)
                .hasMessageContaining("pid=" + ProcessHandle.current().pid());
        writer.close();
        assertThatThrownBy(() -> RingWriter.own(file)).isInstanceOf(RingClosedException.class)
                .hasMessageContaining("state=closed");
        assertThatThrownBy(() -> RingWriter.createFile(file, RingConfig.of(PAGE, 1)))
                .isInstanceOf(SegmentInUseException.class);
    }

    @Test
    void shouldHoldTheWriterBackByTheSlowestOnly() {
        try (RingReader slow = RingReader.join(file, 0); RingReader fast = RingReader.join(file, 1)) {
            int written = 0;
            while (offer(writer, "x") >= 0) {
                written++;
                assertThat(drain(fast)).hasSize(1);
            }
            assertThat(written).isEqualTo(PAGE / 16 - 1);
            assertThat(writer.lags()).extracting(ReaderLag::messages).containsExactly((long) written, 0L);
            assertThat(drain(slow)).hasSize(written);
            assertThat(offer(writer, "x")).isPositive();
        }
    }

    @Test
    void shouldWaitForReaders() throws Exception {
        assertThat(writer.awaitReaders(1, 0)).isFalse();
        Task<Boolean> waiting = Task.start(() -> writer.awaitReaders(2, 20 * Frames.SECOND));
        try (RingReader _ = RingReader.join(file, 0)) {
            assertThat(waiting.isDone()).isFalse();
            try (RingReader _ = RingReader.join(file, 2)) {
                assertThat(waiting.join()).isTrue();
            }
        }
    }

    /** As a reader leaves it that is stopped, or dies, before it knows where it begins. */
    @Test
    void shouldBeHeldUpByAReaderThatIsStillJoiningButNotTakeItForThere() {
        try (var mapped = RingLayout.open(file, false)) {
            assertThat(mapped.tryLock(RingLayout.READER_LOCKS + 1)).isTrue();
            long joining = ReaderState.JOINING.word(1);
            Words.longRelease(mapped.memory(), RingLayout.slot(1) + RingLayout.SLOT_STATE, joining);
            assertThat(writer.awaitReaders(1, 0)).isFalse();
            while (offer(writer, "filling the ring") >= 0) {
                assertThat(writer.position()).isLessThan(PAGE);
            }
            assertThat(writer.evictDead()).isZero();
            assertThat(offer(writer, "held up")).isEqualTo(RingWriter.BACK_PRESSURED);
        }
        assertThat(writer.evictDead()).as("its lock is gone").isEqualTo(1);
        assertThat(offer(writer, "goes on")).isPositive();
    }

    /** The join protocol against a running writer: whatever a joiner sees begins with some frame and goes on without a gap. */
    @Test
    void shouldNeverMissAFrameAfterJoiningABusyRing() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Task<Long> writing = Task.start(() -> {
            long next = 0;
            while (!stop.get()) {
                long at = writer.tryClaim(8 + (int) (next % 40));
                if (at >= 0) {
                    writer.buffer().set(java.lang.foreign.ValueLayout.JAVA_LONG, at, next++);
                    writer.commit(1);
                }
            }
            return next;
        });
        for (int round = 0; round < 300; round++) {
            try (RingReader reader = RingReader.join(file, round % 3)) {
                long[] next = {-1};
                long start = System.nanoTime();
                int seen = 0;
                while (seen < 500) {
                    seen += reader.poll((_, b, o, _) -> {
                        long value = b.get(java.lang.foreign.ValueLayout.JAVA_LONG, o);
                        if (next[0] >= 0 && value != next[0]) {
                            throw new AssertionError("expected=" + next[0] + " found=" + value);
                        }
                        next[0] = value + 1;
                    }, 1000);
                    assertThat(System.nanoTime() - start).isLessThan(10 * Frames.SECOND);
                }
            }
        }
        stop.set(true);
        assertThat(writing.join()).isGreaterThan(300 * 500);
    }

    @Test
    void shouldCountMessagesExactlyForReadersThatJoinABusyRing() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Task<Void> writing = Task.start(() -> {
            while (!stop.get()) {
                offer(writer, "busy");
            }
            return null;
        });
        List<RingReader> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            readers.add(RingReader.join(file, i));
        }
        stop.set(true);
        writing.join();
        for (RingReader reader : readers) {
            drain(reader);
        }
        assertThat(writer.lags()).allSatisfy(lag -> {
            assertThat(lag.bytes()).isZero();
            assertThat(lag.messages()).isZero();
        });
        readers.forEach(RingReader::close);
    }
}
