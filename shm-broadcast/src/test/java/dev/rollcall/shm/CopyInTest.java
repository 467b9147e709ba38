package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is copied in, short and long, from every kind of memory there is. */
class CopyInTest {
    private static final int LONGEST = 300;

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private RingWriter writer;
    private RingReader reader;

    @BeforeEach
    void create() {
        Path file = folder.resolve("ring");
        writer = RingWriter.create(file, new RingConfig(PAGE, 1, false));
        reader = RingReader.join(file, 0);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    static Stream<Named<Function<Arena, MemorySegment>>> memories() {
        return Stream.of(
                Named.of("confined", arena -> arena.allocate(LONGEST + 16)),
                Named.of("read-only", arena -> arena.allocate(LONGEST + 16).asReadOnly()),
                Named.of("shared", _ -> Arena.ofShared().allocate(LONGEST + 16)),
                Named.of("automatic", _ -> Arena.ofAuto().allocate(LONGEST + 16)),
                Named.of("global", _ -> Arena.global().allocate(LONGEST + 16)),
                Named.of("bytes", _ -> MemorySegment.ofArray(new byte[LONGEST + 16])),
                Named.of("longs", _ -> MemorySegment.ofArray(new long[LONGEST / 8 + 3])));
    }

    @ParameterizedTest
    @MethodSource("memories")
    void shouldCopyEveryLengthFromEveryPlace(Function<Arena, MemorySegment> allocate) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = allocate.apply(arena);
            fill(source.isReadOnly() ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE)
                    .asSlice(source.address(), source.byteSize()) : source);
            for (int length = 0; length <= LONGEST; length++) {
                for (int offset : new int[]{0, 1, 8, 13}) {
                    assertThat(writer.offer(length, source, offset, length)).isPositive();
                    byte[] expected = source.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
                    assertThat(reader.poll((typeId, buffer, at, bytes) -> {
                        assertThat(typeId).isEqualTo(expected.length);
                        assertThat(buffer.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
                    }, 2)).isOne();
                }
            }
        }
    }

    private static void fill(MemorySegment source) {
        for (long i = 0; i < source.byteSize(); i++) {
            source.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + 7));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 64, 127, 128, 300})
    void shouldPublishNothingThatCannotBeCopied(int length) throws Exception {
        Arena arena = Arena.ofConfined();
        MemorySegment mine = arena.allocate(length);
        refused(IndexOutOfBoundsException.class, mine, 1, length);
        refused(IndexOutOfBoundsException.class, mine, -1, length);
        refused(IndexOutOfBoundsException.class, mine, Long.MAX_VALUE, length);
        refused(IllegalArgumentException.class, mine, 0, -1);
        MemorySegment theirs = Task.start(() -> Arena.ofConfined().allocate(length)).join();
        refused(WrongThreadException.class, theirs, 0, length);
        arena.close();
        refused(IllegalStateException.class, mine, 0, length);

        assertThat(writer.offer(1, MemorySegment.ofArray(new byte[length]), 0, length)).isPositive();
        assertThat(reader.poll((_, _, _, bytes) -> assertThat(bytes).isEqualTo(length), 9)).isOne();
    }

    private void refused(Class<? extends Throwable> as, MemorySegment source, long offset, long length) {
        long before = writer.position();
        assertThatThrownBy(() -> writer.offer(1, source, offset, length)).isInstanceOf(as);
        assertThat(writer.position()).isEqualTo(before);
        assertThat(reader.poll((_, _, _, _) -> {
        }, 1)).isZero();
    }

    @Test
    void shouldRefuseAShortOfferWhileAClaimIsOpen() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(64);
            writer.tryClaim(8);

            assertThatThrownBy(() -> writer.offer(1, source, 0, 64)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a claim is open");
            assertThatThrownBy(() -> writer.offer(-1, source, 0, 64)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("typeId=-1");
            writer.abort();
        }
    }

    @Test
    void shouldFillTheRingToTheLastByteWithShortOffers() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(64);
            int fit = (PAGE - 8) / 72;
            for (int lap = 0; lap < 100; lap++) {
                int offered = 0;
                while (writer.offer(1, source.fill((byte) lap), 0, 64) > 0) {
                    offered++;
                }
                assertThat(offered).isEqualTo(fit);
                byte expected = (byte) lap;
                assertThat(reader.poll(
                        (_, buffer, at, _) -> assertThat(buffer.get(ValueLayout.JAVA_BYTE, at + 63))
                                .isEqualTo(expected),
                        1_000)).isEqualTo(fit);
            }
            writer.close();
            assertThat(writer.offer(1, source, 0, 64)).isEqualTo(RingWriter.CLOSED);
        }
    }
}
