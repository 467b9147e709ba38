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
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files, written, opened and read (8,000 of them; 120,000 with the tag {@code stress}), and live mappings damaged under
 * who reads them (70,000): an answer or a {@link RollcallException}, and soon. Seeded: the case's number is in the message of
 * whatever else comes out. Each batch says how many of its cases it expects to be refused, so that neither a batch that
 * damages nothing nor one that is refused at the door passes for a test.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an endless loop hears no interrupt
class FuzzTest {
    private static final int OPENED = 8_000;
    private static final int OPENED_LONG = 120_000;
    private static final int READ = 10_000;
    private static final int FOLLOWED = 6_000;
    private static final int BOARDS = 6_000;
    private static final int WAITED = 300;
    private static final long WAIT_NANOS = 300_000;
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

    private static void each(int cases, long seed, double least, double most, Case body) {
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
        assertThat(refused / (double) cases).as("share refused of %d", cases).isBetween(least, most);
    }

    /** One to four words of the given range, or single bits of them. */
    private static void damage(MemorySegment m, long from, long to, RandomGenerator random) {
        for (int n = random.nextInt(1, 5); n > 0; n--) {
            long at = from + 8 * random.nextLong((to - from) / 8);
            long value = switch (random.nextInt(4)) {
                case 0 -> random.nextLong();
                case 1 -> EVIL[random.nextInt(EVIL.length)];
                case 2 -> m.get(ValueLayout.JAVA_LONG_UNALIGNED, at) ^ 1L << random.nextInt(64);
                default -> m.get(ValueLayout.JAVA_LONG_UNALIGNED, at) + random.nextInt(-64, 65);
            };
            m.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
        }
    }

    /** As above, three times out of four in a frame's header or in the three words behind it, where fragments have theirs. */
    private static void damageFrames(MemorySegment m, long data, long from, RandomGenerator random) {
        List<Long> headers = new ArrayList<>();
        for (long at = from; headers.size() < 100;) {
            long header = data + (at & (Frames.PAGE - 1));
            int length = RingLayout.frameLength(m.get(ValueLayout.JAVA_LONG_UNALIGNED, header));
            if (length < RingLayout.HEADER_BYTES) {
                break;
            }
            headers.add(header);
            at += RingLayout.aligned(length);
        }
        if (headers.isEmpty() || random.nextInt(4) == 0) {
            damage(m, data, data + Frames.PAGE, random);
        } else {
            long at = headers.get(random.nextInt(headers.size()));
            long to = Math.min(at + (random.nextBoolean() ? 8 : 32), data + Frames.PAGE);
            damage(m, at, to, random);
        }
    }

    @Test
    void shouldOpenAndReadOrRefuseAnyFile() throws IOException {
        openAndRead(OPENED, 1);
    }

    @Test
    @Tag("stress")
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldOpenAndReadOrRefuseManyFiles() throws IOException {
        openAndRead(OPENED_LONG, 1_000_000);
    }

    private void openAndRead(int files, long seed) throws IOException {
        byte[] ring = Files.readAllBytes(sampleRing());
        byte[] board = Files.readAllBytes(BoardSamples.create(folder.resolve("board")));
        MemorySegment.ofArray(ring).set(ValueLayout.JAVA_LONG_UNALIGNED, RingLayout.WRITER_STATE,
                RingLayout.WRITER_NEW); // as if it could be written to
        Path ringFile = folder.resolve("damaged-ring");
        Path boardFile = folder.resolve("damaged-board");
        each(files, seed, 0.4, 0.65, random -> {
            if (random.nextInt(10) != 0) {
                mutate(ringFile, ring, RingLayout.SLOTS, random);
                readRing(ringFile, random);
            } else {
                mutate(boardFile, board, 128, random);
                readBoard(boardFile, random);
            }
        });
    }

    /** Everybody who can open a ring does, and reads what the tail lets them see: all, where it was set back to 0. */
    private static void readRing(Path file, RandomGenerator random) {
        try (RingObserver observer = RingObserver.open(file)) {
            assertThat(observer.status().readers()).hasSizeLessThanOrEqualTo(RingLayout.MAX_READERS);
        }
        try (RingFollower follower = RingFollower.open(file)) {
            assertThat(follower.poll(FuzzTest::touch, 2000)).isLessThanOrEqualTo(2000);
        }
        try (RingReader reader = RingReader.join(file, 0)) {
            poll(reader, random, 3);
        }
        RingWriter.own(file).close();
    }

    private static void poll(RingReader reader, RandomGenerator random, int times) {
        for (int i = 0; i < times; i++) {
            int polled = i % 2 == 0 ? reader.poll(FuzzTest::touch, Integer.MAX_VALUE)
                    : reader.controlledPoll((t, b, o, l) -> {
                        touch(t, b, o, l);
                        return ACTIONS.get(random.nextInt(ACTIONS.size()));
                    }, 1000);
            assertThat(polled).isLessThanOrEqualTo(2000);
        }
    }

    /** Truncated, extended, with noise somewhere, or with damaged words; half of them to be read from position 0 on. */
    private static void mutate(Path file, byte[] good, long words, RandomGenerator random) throws IOException {
        byte[] bytes = good.clone();
        MemorySegment m = MemorySegment.ofArray(bytes);
        int length = bytes.length;
        if (random.nextBoolean()) {
            m.set(ValueLayout.JAVA_LONG_UNALIGNED, RingLayout.TAIL, 0);
        }
        switch (random.nextInt(8)) {
            case 0 -> length = random.nextInt(length);
            case 1 -> length = length + random.nextInt(1, 10_000);
            case 2 -> noise(bytes, 0, 1024, random);
            case 3 -> noise(bytes, random.nextInt(1024, length - 64), 64, random);
            case 4 -> damageInts(m, words, length, random);
            case 5 -> damageFrames(m, length - Frames.PAGE, 0, random);
            default -> damageInts(m, 0, random.nextBoolean() ? 64 : 1024, random);
        }
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(bytes, 0, Math.min(length, bytes.length));
            out.setLength(length);
        }
    }

    private static void noise(byte[] bytes, int at, int length, RandomGenerator random) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, at, length);
    }

    private static void damageInts(MemorySegment m, long from, long to, RandomGenerator random) {
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            long at = from + 4 * random.nextLong((to - from) / 4);
            m.set(ValueLayout.JAVA_INT_UNALIGNED, at,
                    random.nextBoolean() ? random.nextInt() : (int) EVIL[random.nextInt(EVIL.length)]);
        }
    }

    /** A reader that joined while all was well, and then the ring's data and every writer's word go bad. */
    @Test
    void shouldReadOrRefuseAnyFrame() {
        for (boolean copyOut : new boolean[]{false, true}) {
            Path one = folder.resolve("live-" + copyOut);
            RingConfig shape = RingConfig.builder(Frames.PAGE, 2).copyOut(copyOut).maxMessage(1 << 20).build();
            try (RingWriter writer = RingWriter.create(one, shape)) {
                each(READ / 2, 100_000, 0.3, 0.6, random -> {
                    try (RingReader reader = RingReader.join(one, 0)) {
                        fill(writer);
                        MemorySegment m = writer.buffer();
                        long data = RingShape.of(m).data();
                        if (random.nextInt(8) == 0) {
                            damage(m, RingLayout.TAIL, data, random);
                        }
                        damageFrames(m, data, reader.position(), random);
                        poll(reader, random, 5);
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
    void shouldFollowOrRefuseAnyFrame() {
        Path file = sampleRing();
        try (var mapped = RingLayout.open(file, false)) {
            MemorySegment m = mapped.memory();
            byte[] good = m.asSlice(0, m.byteSize() - Frames.PAGE).toArray(ValueLayout.JAVA_BYTE);
            each(FOLLOWED, 200_000, 0.2, 0.6, random -> {
                MemorySegment.copy(good, 0, m, ValueLayout.JAVA_BYTE, 0, good.length);
                m.set(ValueLayout.JAVA_LONG, RingLayout.TAIL, 16);
                try (RingFollower follower = RingFollower.open(file)) {
                    if (random.nextInt(8) == 0) {
                        damage(m, RingLayout.TAIL, RingLayout.slot(2), random);
                    }
                    damageFrames(m, RingShape.of(m).data(), follower.position(), random);
                    for (int i = 0; i < 5; i++) {
                        assertThat(follower.poll(FuzzTest::touch, 2000)).isLessThanOrEqualTo(2000);
                    }
                }
            });
        }
    }

    @Test
    void shouldReadOrRefuseAnyBoard() {
        Path file = BoardSamples.create(folder.resolve("board"));
        try (SharedFile shared = SharedFile.open(file, false)) {
            MemorySegment m = shared.memory();
            byte[] good = m.toArray(ValueLayout.JAVA_BYTE);
            each(BOARDS, 300_000, 0.05, 0.2, random -> {
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

    /** Every word that a wait looks at goes bad before or during it; the time given is kept all the same. */
    @Test
    void shouldNeverWaitForEverOnADamagedRing() {
        Path file = folder.resolve("waited-for");
        RingConfig shape = RingConfig.builder(Frames.PAGE, 2).followers(true).maxMessage(1 << 20).build();
        long[] longest = new long[1];
        try (RingWriter writer = RingWriter.create(file, shape)) {
            byte[] good = writer.buffer().asSlice(0, RingLayout.slot(2)).toArray(ValueLayout.JAVA_BYTE);
            each(WAITED, 400_000, 0.2, 0.7, random -> {
                try (RingReader reader = RingReader.join(file, 0); RingFollower follower = RingFollower.open(file)) {
                    boolean full = random.nextBoolean();
                    if (full) {
                        fill(writer);
                    }
                    MemorySegment m = writer.buffer();
                    damage(m, RingLayout.TAIL, RingLayout.slot(2), random);
                    long start = System.nanoTime();
                    try {
                        boolean _ = follower.await(WAIT_NANOS);
                        boolean _ = writer.awaitReaders(random.nextInt(3), WAIT_NANOS);
                        boolean _ = reader.await(full ? 0 : WAIT_NANOS);
                        writer.write(1, Frames.text("x".repeat(3000)), 0, 3000, WAIT_NANOS);
                    } finally {
                        longest[0] = Math.max(longest[0], System.nanoTime() - start);
                    }
                } finally {
                    MemorySegment.copy(good, 0, writer.buffer(), ValueLayout.JAVA_BYTE, 0, good.length);
                    repair(file, writer);
                }
            });
        }
        assertThat(longest[0]).as("ns for four waits of %d", WAIT_NANOS).isLessThan(2 * Frames.SECOND);
    }
}
