package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.board.BoardSamples;
import dev.rollcall.shm.testing.ShmTempDir;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * 100,000 damaged files: whoever opens and reads them gets an answer or a {@link RollcallException}, and gets it soon. Seeded:
 * the case's number is in the message of whatever else comes out.
 */
class FuzzTest {
    private static final int OPENED = 30_000;
    private static final int READ = 30_000;
    private static final int FOLLOWED = 20_000;
    private static final int BOARDS = 20_000;
    private static final List<ControlledFrameHandler.Action> ACTIONS = List.of(ControlledFrameHandler.Action.values());
    private static final long[] EVIL = {
            0, 1, -1, 7, 8, 9, 4088, 4096, 4097, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE,
            Long.MIN_VALUE,
            0xffff_ffffL, 1L << 40, (1L << 40) + 1
    };

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    /** A ring with something in every place: read and unread frames, padding, fragments, a reader. */
    private Path sampleRing() {
        Path file = folder.resolve("ring");
        RingConfig config = RingConfig.builder(Frames.PAGE, 2).followers(true).maxMessage(1 << 20).build();
        try (RingWriter writer = RingWriter.create(file, config); RingReader reader = RingReader.join(file, 0)) {
            Frames.write(writer, "read");
            Frames.drain(reader);
            fill(writer);
        }
        return file;
    }

    private static void fill(RingWriter writer) {
        Frames.write(writer, "first");
        writer.tryClaim(40);
        writer.abort();
        MemorySegment large = MemorySegment.ofArray(new byte[20_000]);
        try {
            writer.write(3, large, 0, 9_000, 0);
        } catch (RingFullException partly) {
            assertThat(partly.holders()).isNotNull();
        }
    }

    private interface Case {
        void run(RandomGenerator random) throws IOException;
    }

    private static void each(int cases, long seed, Case body) {
        int refused = 0;
        for (int i = 0; i < cases; i++) {
            try {
                body.run(Frames.random(seed + i));
            } catch (RollcallException clear) {
                assertThat(clear).as("case %d", i).hasMessageContaining("=");
                refused++;
            } catch (Throwable t) {
                throw new AssertionError("case=" + i, t);
            }
        }
        assertThat(refused).as("refused of %d", cases).isBetween(0, cases);
    }

    /** One to four words of the given range, or single bits of them. */
    private static void damage(MemorySegment m, long from, long to, RandomGenerator random) {
        for (int n = random.nextInt(1, 5); n > 0; n--) {
            long at = from + 8 * random.nextLong((to - from) / 8);
            long value = switch (random.nextInt(4)) {
                case 0 -> random.nextLong();
                case 1 -> EVIL[random.nextInt(EVIL.length)];
                case 2 -> m.get(ValueLayout.JAVA_LONG, at) ^ 1L << random.nextInt(64);
                default -> m.get(ValueLayout.JAVA_LONG, at) + random.nextInt(-64, 65);
            };
            m.set(ValueLayout.JAVA_LONG, at, value);
        }
    }

    @Test
    @Timeout(60)
    void shouldOpenOrRefuseAnyFile() throws IOException {
        byte[] ring = Files.readAllBytes(sampleRing());
        byte[] board = Files.readAllBytes(BoardSamples.create(folder.resolve("board")));
        Path ringFile = folder.resolve("damaged-ring");
        Path boardFile = folder.resolve("damaged-board");
        each(OPENED, 1, random -> {
            boolean asRing = random.nextInt(10) != 0;
            Path file = asRing ? ringFile : boardFile;
            mutate(file, asRing ? ring : board, random);
            if (asRing) {
                try (RingObserver observer = RingObserver.open(file)) {
                    assertThat(observer.status().readers()).hasSizeLessThanOrEqualTo(RingLayout.MAX_READERS);
                }
                RingReader.join(file, 0).close();
                RingWriter.own(file).close();
            } else {
                readBoard(file, random);
            }
        });
    }

    /** Truncated, extended, of random bytes, or with a damaged header. */
    private static void mutate(Path file, byte[] good, RandomGenerator random) throws IOException {
        byte[] bytes = good.clone();
        MemorySegment m = MemorySegment.ofArray(bytes);
        int length = bytes.length;
        switch (random.nextInt(8)) {
            case 0 -> length = random.nextInt(length);
            case 1 -> length = length + random.nextInt(1, 10_000);
            case 2 -> {
                byte[] noise = new byte[1024];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, 0, noise.length);
            }
            default -> {
                for (int n = random.nextInt(1, 4); n > 0; n--) {
                    int at = 4 * random.nextInt(random.nextBoolean() ? 16 : 256);
                    m.set(ValueLayout.JAVA_INT_UNALIGNED, at, random.nextBoolean() ? random.nextInt()
                            : (int) EVIL[random.nextInt(EVIL.length)]);
                }
            }
        }
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(bytes, 0, Math.min(length, bytes.length));
            out.setLength(length);
        }
    }

    /** A reader that joined while all was well, and then the ring's data and every writer's word go bad. */
    @Test
    @Timeout(60)
    void shouldReadOrRefuseAnyFrame() {
        for (boolean copyOut : new boolean[]{false, true}) {
            Path one = folder.resolve("live-" + copyOut);
            RingConfig shape = RingConfig.builder(Frames.PAGE, 2).copyOut(copyOut).maxMessage(1 << 20).build();
            try (RingWriter writer = RingWriter.create(one, shape)) {
                each(READ / 2, 100_000, random -> {
                    try (RingReader reader = RingReader.join(one, 0)) {
                        fill(writer);
                        MemorySegment m = writer.buffer();
                        long data = RingShape.of(m).data();
                        damage(m, random.nextInt(8) == 0 ? RingLayout.TAIL : data, data + Frames.PAGE, random);
                        for (int i = 0; i < 5; i++) {
                            int polled = i % 2 == 0 ? reader.poll(FuzzTest::touch, Integer.MAX_VALUE)
                                    : reader.controlledPoll((t, b, o, l) -> {
                                        touch(t, b, o, l);
                                        return ACTIONS.get(random.nextInt(ACTIONS.size()));
                                    }, 1000);
                            assertThat(polled).isLessThanOrEqualTo(2000);
                        }
                        assertThat(reader.lag()).isNotNull();
                        assertThat(writer.lags()).isNotNull();
                    } finally {
                        repair(one, writer);
                    }
                });
            }
        }
    }

    private static void touch(int typeId, MemorySegment buffer, long offset, long length) {
        assertThat(typeId).isBetween(0, RingLayout.MAX_TYPE_ID);
        assertThat(length).isNotNegative();
        if (length > 0) {
            byte _ = buffer.get(ValueLayout.JAVA_BYTE, offset);
            byte _ = buffer.get(ValueLayout.JAVA_BYTE, offset + length - 1);
        }
    }

    /** All as it was when the ring was new, but for the writer's own idea of its tail. */
    private static void repair(Path file, RingWriter writer) {
        MemorySegment m = writer.buffer();
        long data = RingShape.of(m).data();
        m.asSlice(RingLayout.SLOTS, data + Frames.PAGE - RingLayout.SLOTS).fill((byte) 0);
        m.set(ValueLayout.JAVA_LONG, RingLayout.WRITER_STATE, RingLayout.WRITER_OPEN);
        m.set(ValueLayout.JAVA_LONG, RingLayout.TAIL, writer.position());
        assertThat(file).isNotNull();
    }

    @Test
    @Timeout(60)
    void shouldFollowOrRefuseAnyFrame() {
        Path file = sampleRing();
        try (var mapped = RingLayout.open(file, false)) {
            MemorySegment m = mapped.memory();
            byte[] good = m.asSlice(0, m.byteSize() - Frames.PAGE).toArray(ValueLayout.JAVA_BYTE);
            each(FOLLOWED, 200_000, random -> {
                MemorySegment.copy(good, 0, m, ValueLayout.JAVA_BYTE, 0, good.length);
                m.set(ValueLayout.JAVA_LONG, RingLayout.TAIL, 16);
                try (RingFollower follower = RingFollower.open(file)) {
                    damage(m, RingLayout.TAIL, good.length, random);
                    for (int i = 0; i < 5; i++) {
                        assertThat(follower.poll(FuzzTest::touch, 2000)).isLessThanOrEqualTo(2000);
                    }
                }
            });
        }
    }

    @Test
    @Timeout(60)
    void shouldReadOrRefuseAnyBoard() {
        Path file = BoardSamples.create(folder.resolve("board"));
        try (SharedFile shared = SharedFile.open(file, false)) {
            MemorySegment m = shared.memory();
            byte[] good = m.toArray(ValueLayout.JAVA_BYTE);
            each(BOARDS, 300_000, random -> {
                MemorySegment.copy(good, 0, m, ValueLayout.JAVA_BYTE, 0, good.length);
                damage(m, 128, good.length, random);
                BoardSamples.damageHotWords(m, random);
                readBoard(file, random);
            });
        }
    }

    private static void readBoard(Path file, RandomGenerator random) {
        try (Board board = Board.open(file, true)) {
            assertThat(board.driver()).isNotNull();
            assertThat(board.watchdog()).isNotNull();
            for (int rank = 0; rank < board.workers(); rank++) {
                assertThat(board.rank(rank)).isNotNull();
            }
            assertThat(board.inFlight()).hasSizeLessThanOrEqualTo(64);
            assertThat(board.flight(Verdict.DRIVER)).hasSizeLessThanOrEqualTo(256);
            assertThat(board.flight(0)).hasSizeLessThanOrEqualTo(256);
            assertThat(board.name(random.nextInt())).isNotNull();
            String stack = board.stack(0, 1);
            assertThat(stack == null || stack.length() <= 36864).isTrue();
            Verdict act = board.verdict();
            Verdict suspect = board.suspect();
            assertThat(act == null || !act.who().isEmpty()).isTrue();
            assertThat(suspect == null || !suspect.who().isEmpty()).isTrue();
        }
    }

    @Test
    void shouldNeverWaitForEverOnADamagedRing() {
        Path file = sampleRing();
        try (RingReader reader = RingReader.join(file, 1)) {
            long start = System.nanoTime();
            try {
                reader.await(Duration.ofMillis(50).toNanos());
            } catch (RingClosedException end) {
                assertThat(end).hasMessageContaining("state=");
            }
            assertThat(System.nanoTime() - start).isLessThan(2 * Frames.SECOND);
        }
    }
}
