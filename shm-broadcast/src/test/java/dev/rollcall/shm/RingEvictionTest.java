package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Living readers that are given up: only in copy-out rings, and never without their learning it first. */
class RingEvictionTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Path file;
    private RingWriter writer;

    @BeforeEach
    void create() {
        file = folder.resolve("ring");
        writer = RingWriter.create(file, RingConfig.builder(PAGE, 2).copyOut(true).build());
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void shouldHandOutCopies() {
        try (RingReader reader = RingReader.join(file, 0)) {
            Frames.write(writer, "copied");
            assertThat(reader.poll((_, buffer, offset, length) -> {
                assertThat(buffer.asOverlappingSlice(writer.buffer())).isEmpty();
                assertThat(Frames.string(buffer, offset, length)).isEqualTo("copied");
            }, 10)).isEqualTo(1);
        }
    }

    @Test
    void shouldCountACopyWhoseHandlerThrewAsRead() {
        try (RingReader reader = RingReader.join(file, 0)) {
            for (String text : List.of("a", "b", "c")) {
                Frames.write(writer, text);
            }
            IllegalArgumentException mine = new IllegalArgumentException("mine");
            assertThatThrownBy(() -> reader.poll((_, b, o, l) -> {
                if (Frames.string(b, o, l).equals("b")) {
                    throw mine;
                }
            }, 10)).isSameAs(mine);
            assertThat(reader.lag().messages()).isEqualTo(1);
            assertThat(Frames.drain(reader)).containsExactly("c");
        }
    }

    @Test
    void shouldGoOnWithoutAReaderThatWasGivenUp() {
        try (RingReader slow = RingReader.join(file, 0); RingReader fast = RingReader.join(file, 1)) {
            Frames.fillUpTo(writer, PAGE, 0);
            assertThat(Frames.drain(fast)).hasSize(1);
            assertThatThrownBy(() -> writer.write(1, Frames.text("x"), 0, 1, 10_000_000))
                    .isInstanceOfSatisfying(RingFullException.class, full -> {
                        assertThat(full.holders()).hasSize(1);
                        assertThat(full.standingStill().getFirst().toMillis()).isGreaterThanOrEqualTo(9);
                        assertThat(writer.evict(full.holders().getFirst().slot())).isTrue();
                    });
            assertThat(writer.evict(0)).as("already").isFalse();
            Frames.write(writer, "x");
            assertThat(Frames.drain(fast)).containsExactly("x");
            assertThatThrownBy(() -> slow.poll((_, _, _, _) -> {}, 1)).isInstanceOf(ReaderEvictedException.class)
                    .hasMessageContaining("slot=0").hasMessageContaining("state=EVICTED");
            assertThat(slow.isConnected()).isFalse();
            assertThatThrownBy(() -> RingReader.join(file, 0)).as("its slot stays its own")
                    .isInstanceOf(SegmentInUseException.class);
            slow.rejoin();
            assertThatThrownBy(slow::rejoin).isInstanceOf(IllegalStateException.class);
            Frames.write(writer, "again");
            assertThat(Frames.drain(slow)).containsExactly("again");
            assertThat(slow.lag().messages()).isZero();
        }
    }

    @Test
    void shouldTellASleepingReaderThatItWasGivenUp() throws Exception {
        try (RingReader reader = RingReader.join(file, 0)) {
            Task<Boolean> sleeper = Task.start(() -> reader.await(20 * Frames.SECOND));
            Await.untilAsleep(sleeper);
            assertThat(writer.evict(0)).isTrue();
            assertThatThrownBy(sleeper::join).isInstanceOf(ReaderEvictedException.class);
        }
    }

    @Test
    void shouldNeverGiveTheLivingUpInARingReadInPlace() {
        Path inPlace = folder.resolve("in-place");
        try (RingWriter other = RingWriter.create(inPlace, RingConfig.of(PAGE, 1));
                RingReader _ = RingReader.join(inPlace, 0)) {
            assertThatThrownBy(() -> other.evict(0)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("copy-out");
        }
        assertThatThrownBy(() -> writer.evict(2)).isInstanceOf(IllegalArgumentException.class);
        assertThat(writer.evict(1)).isFalse();
    }

    /** A writer that evicts at random and overwrites at once; every message a reader acts on is whole all the same. */
    @Test
    void shouldNeverActOnAnOverwrittenFrame() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (RingReader reader = RingReader.join(file, 0)) {
            Task<Long> reading = Task.start(() -> {
                long evictions = 0;
                while (!stop.get()) {
                    try {
                        reader.poll((_, b, o, l) -> check(b.asSlice(o, l)), 50);
                    } catch (ReaderEvictedException e) {
                        evictions++;
                        reader.rejoin();
                    }
                }
                return evictions;
            });
            long evicted = 0;
            for (long i = 0; i < 50_000; i++) {
                int words = (int) (i % 60) + 1;
                long at = writer.tryClaim(8 * words);
                if (at < 0) {
                    evicted += writer.evict(0) ? 1 : 0;
                    continue;
                }
                for (int w = 0; w < words; w++) {
                    writer.buffer().set(ValueLayout.JAVA_LONG, at + 8L * w, i);
                }
                writer.commit((int) i & 0xffff);
            }
            stop.set(true);
            assertThat(reading.join()).isBetween(evicted - 1, evicted);
            assertThat(evicted).isPositive();
        }
    }

    private static void check(java.lang.foreign.MemorySegment message) {
        long first = message.get(ValueLayout.JAVA_LONG, 0);
        if (message.byteSize() != 8 * (first % 60 + 1)) {
            throw new AssertionError("length=" + message.byteSize() + " first=" + first);
        }
        for (long at = 0; at < message.byteSize(); at += 8) {
            if (message.get(ValueLayout.JAVA_LONG, at) != first) {
                throw new AssertionError("torn: first=" + first + " found=" + message.get(ValueLayout.JAVA_LONG, at));
            }
        }
    }
}
