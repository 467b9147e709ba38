package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static dev.rollcall.shm.Frames.drain;
import static dev.rollcall.shm.Frames.offer;
import static dev.rollcall.shm.Frames.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.testing.ShmTempDir;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One writer and one reader in one thread: what a frame is, and how much fits. */
class RingTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Path file;
    private RingWriter writer;
    private RingReader reader;

    @BeforeEach
    void create() {
        file = folder.resolve("ring");
        writer = RingWriter.create(file, RingConfig.of(PAGE, 2));
        reader = RingReader.join(file, 0);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    @Test
    void shouldDeliverFramesInOrderWithTheirTypes() {
        List<Integer> types = new ArrayList<>();
        long first = writer.offer(7, Frames.text("one"), 0, 3);
        long second = writer.offer(RingLayout.MAX_TYPE_ID, Frames.text("two!"), 0, 4);

        assertThat(first).isEqualTo(16);
        assertThat(second).isEqualTo(32);
        assertThat(reader.poll((type, _, _, _) -> types.add(type), 10)).isEqualTo(2);
        assertThat(types).containsExactly(7, RingLayout.MAX_TYPE_ID);
        assertThat(reader.position()).isEqualTo(writer.position()).isEqualTo(32);
    }

    @Test
    void shouldHandOutNoMoreThanTheLimit() {
        offer(writer, "a");
        offer(writer, "b");
        offer(writer, "c");
        List<String> seen = new ArrayList<>();

        assertThat(reader.poll((_, b, o, l) -> seen.add(Frames.string(b, o, l)), 2)).isEqualTo(2);
        assertThat(seen).containsExactly("a", "b");
        assertThat(drain(reader)).containsExactly("c");
        assertThat(reader.poll((_, _, _, _) -> {}, 10)).isZero();
    }

    @Test
    void shouldCarryEmptyMessages() {
        offer(writer, "");
        offer(writer, "x");
        offer(writer, "");

        assertThat(drain(reader)).containsExactly("", "x", "");
    }

    @Test
    void shouldSayWhatIsWrongWithAClaim() {
        assertThatThrownBy(() -> writer.tryClaim(writer.maxPayload() + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length=4081").hasMessageContaining("maxPayload=4080");
        assertThatThrownBy(() -> writer.tryClaim(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.commit(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(writer::abort).isInstanceOf(IllegalStateException.class);
        long at = writer.tryClaim(8);
        assertThatThrownBy(() -> writer.tryClaim(8)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("claimedBytes=16");
        assertThatThrownBy(() -> writer.commit(RingLayout.MAX_TYPE_ID + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.commit(-1)).isInstanceOf(IllegalArgumentException.class);
        writer.buffer().set(ValueLayout.JAVA_LONG, at, 42);
        writer.commit(3);
        long[] value = new long[1];
        assertThat(reader.poll((_, b, o, _) -> value[0] = b.get(ValueLayout.JAVA_LONG, o), 1)).isEqualTo(1);
        assertThat(value[0]).isEqualTo(42);
    }

    @Test
    void shouldPassOverAnAbortedClaim() {
        offer(writer, "before");
        assertThat(writer.tryClaim(1000)).isPositive();
        writer.abort();
        offer(writer, "after");

        assertThat(drain(reader)).containsExactly("before", "after");
        assertThat(reader.position()).isEqualTo(writer.position());
        assertThat(writer.lags()).singleElement().satisfies(lag -> {
            assertThat(lag.messages()).isZero();
            assertThat(lag.bytes()).isZero();
        });
    }

    @Test
    void shouldFreeTheSpaceOfAbortedClaimsAlone() {
        for (int i = 0; i < 50; i++) {
            assertThat(writer.tryClaim(PAGE / 4)).as("claim %d", i).isPositive();
            writer.abort();
            assertThat(reader.poll((_, _, _, _) -> {}, 1)).isZero();
        }
    }

    @Test
    void shouldNeverHideAFrameWhenFilledToTheLastByte() {
        assertThat(writer.maxPayload()).isEqualTo(PAGE - 16);
        for (int leave = 0; leave <= 24; leave += 8) {
            Frames.fillUpTo(writer, PAGE, leave);
            int fits = leave >= 8 ? 1 : 0;
            assertThat(writer.offer(1, Frames.text(""), 0, 0) >= 0).as("room for %d bytes", leave).isEqualTo(fits == 1);
            assertThat(reader.poll((_, _, _, _) -> {}, 10)).as("left %d bytes", leave).isEqualTo(1 + fits);
            assertThat(reader.position()).isEqualTo(writer.position());
        }
    }

    @Test
    void shouldKeepTheNextHeadersEightBytesFree() {
        int frames = 0;
        while (offer(writer, "12345678") >= 0) { // 16 bytes each
            frames++;
        }
        assertThat(frames).isEqualTo(PAGE / 16 - 1);
        assertThat(writer.tryClaim(0)).as("8 more bytes would fit, but no header after them").isPositive();
        writer.commit(0);
        assertThat(writer.tryClaim(0)).isEqualTo(RingWriter.BACK_PRESSURED);
        assertThat(drain(reader)).hasSize(frames + 1);
        assertThat(offer(writer, "again")).isPositive();
        assertThat(drain(reader)).containsExactly("again");
    }

    @Test
    void shouldKeepEveryFrameWholeAcrossTheWrap() {
        byte[] expected = new byte[0];
        for (int i = 0; i < 2_000; i++) {
            byte[] message = Frames.pattern(i, i * 37 % 3000);
            long result = writer.offer(i, MemorySegment.ofArray(message), 0, message.length);
            if (result == RingWriter.BACK_PRESSURED) {
                assertThat(reader.poll((_, _, _, _) -> {}, 1)).isEqualTo(1);
                i--;
                continue;
            }
            byte[][] seen = new byte[1][];
            assertThat(reader.poll((_, b, o, l) -> seen[0] = Frames.bytes(b, o, l), 1)).isEqualTo(1);
            assertThat(seen[0]).isEqualTo(message);
            expected = message;
        }
        assertThat(expected).isNotNull();
        assertThat(writer.position()).isGreaterThan(100L * PAGE);
    }

    @Test
    void shouldCountTheFrameWhoseHandlerThrewAsRead() {
        write(writer, "a");
        write(writer, "bad");
        write(writer, "c");
        List<String> seen = new ArrayList<>();
        FrameHandler handler = (_, b, o, l) -> {
            String text = Frames.string(b, o, l);
            if (text.equals("bad")) {
                throw new IllegalArgumentException("no");
            }
            seen.add(text);
        };

        assertThatThrownBy(() -> reader.poll(handler, 10)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no");
        assertThat(seen).containsExactly("a");
        assertThat(writer.lags().getFirst().messages()).isEqualTo(1);
        assertThat(reader.poll(handler, 10)).isEqualTo(1);
        assertThat(seen).containsExactly("a", "c");
        assertThat(writer.lags().getFirst().messages()).isZero();
    }

    @Test
    void shouldNotMoveThePositionInTheMiddleOfABatch() {
        offer(writer, "a");
        offer(writer, "b");
        List<Long> positions = new ArrayList<>();
        try (RingObserver observer = RingObserver.open(file)) {
            assertThat(reader.poll((_, _, _, _) -> positions.add(observer.status().readers().getFirst().bytes()), 10))
                    .isEqualTo(2);
            assertThat(positions).containsExactly(32L, 32L);
            assertThat(observer.status().readers().getFirst().bytes()).isZero();
        }
    }

    @Test
    void shouldTellWhoHoldsAFullRing() {
        try (RingReader fast = RingReader.join(file, 1)) {
            Frames.fillUpTo(writer, PAGE, 0);
            assertThat(drain(fast)).hasSize(1);
            assertThatThrownBy(() -> writer.write(1, Frames.text("x"), 0, 1, 20_000_000))
                    .isInstanceOfSatisfying(RingFullException.class, full -> {
                        assertThat(full.holders()).singleElement().satisfies(lag -> {
                            assertThat(lag.slot()).isZero();
                            assertThat(lag.pid()).isEqualTo((int) ProcessHandle.current().pid());
                            assertThat(lag.messages()).isEqualTo(1);
                            assertThat(lag.bytes()).isEqualTo(PAGE - 8);
                        });
                        assertThat(full).hasMessageContaining("reader=0").hasMessageContaining("lagMessages=1")
                                .hasMessageContaining("neededBytes=");
                    });
            assertThat(drain(reader)).hasSize(1);
            write(writer, "x");
            assertThat(drain(reader)).containsExactly("x");
        }
    }

    @Test
    void shouldTakeAnExpiredDeadlineForZero() {
        Frames.fillUpTo(writer, PAGE, 0);
        long start = System.nanoTime();
        assertThatThrownBy(() -> writer.write(1, Frames.text("x"), 0, 1, Long.MIN_VALUE))
                .isInstanceOf(RingFullException.class);
        assertThatThrownBy(() -> writer.write(1, Frames.text("x"), 0, 1, -1)).isInstanceOf(RingFullException.class);
        assertThatThrownBy(() -> writer.write(1, Frames.text("x"), 0, 1, 0)).isInstanceOf(RingFullException.class);
        assertThat(drain(reader)).hasSize(1);
        assertThat(reader.await(Long.MIN_VALUE)).isFalse();
        assertThat(reader.await(-1)).isFalse();
        assertThat(reader.await(0)).isFalse();
        assertThat(System.nanoTime() - start).isLessThan(5 * Frames.SECOND);
    }

    @Test
    void shouldLetReadersDrainAClosedRing() {
        write(writer, "last words");
        writer.close();
        writer.close();
        assertThat(offerAfterClose()).isEqualTo(RingWriter.CLOSED);
        assertThatThrownBy(() -> writer.write(1, Frames.text("x"), 0, 1, 0)).isInstanceOf(RingClosedException.class);

        assertThat(reader.isWriterClosed()).isTrue();
        assertThat(reader.await(Frames.SECOND)).isTrue();
        assertThat(drain(reader)).containsExactly("last words");
        assertThatThrownBy(() -> reader.await(Frames.SECOND)).isInstanceOf(RingClosedException.class)
                .hasMessageContaining("state=closed");
    }

    private long offerAfterClose() {
        return offer(writer, "x");
    }

    @Test
    void shouldWriteToNobodyWithoutEverBlocking() {
        reader.close();
        for (int i = 0; i < 10_000; i++) {
            assertThat(offer(writer, "nobody listens")).isPositive();
        }
    }
}
