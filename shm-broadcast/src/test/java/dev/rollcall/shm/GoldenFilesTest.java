package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardSamples;
import dev.rollcall.shm.board.FlightKind;
import dev.rollcall.shm.board.LockCycleStatus;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.SectionStatus;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.testing.ShmTempDir;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files written by the layout 1.0 are read by every later 1.x. They hold something in every place of that layout. Until 1.0 is
 * released they are made anew ({@link #main}) whenever the layout grows; from then on never: a new minor version adds files
 * of its own.
 */
class GoldenFilesTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    /** Writes new golden files into the folder given. */
    public static void main(String[] args) throws IOException {
        Path to = Path.of(args[0]);
        Path work = Files.createTempDirectory(Path.of("/dev/shm"), "golden-");
        Path ring = work.resolve("ring");
        try (RingWriter writer = RingWriter.create(ring, RingConfig.builder(Frames.PAGE, 4).followers(true).build());
                RingReader reader = RingReader.join(ring, 1)) {
            Frames.write(writer, "already read");
            Frames.drain(reader);
            Frames.write(writer, "unread");
            writer.tryClaim(24);
            writer.abort();
            writer.offer(4711, Frames.text("typed"), 0, 5);
            MemorySegment parts = Frames.text("in three parts");
            Fragments.of(1, parts, 5).forEach(part -> writer.writeFragment(8, part, System.nanoTime(), Frames.SECOND));
            Words.longRelease(writer.buffer(), RingLayout.slot(2) + RingLayout.SLOT_STATE, ReaderState.JOINING.word(1));
            Words.longRelease(writer.buffer(), RingLayout.slot(3) + RingLayout.SLOT_STATE, ReaderState.EVICTED.word(1));
        }
        pack(ring, to.resolve("ring-1.0.gz"));
        pack(BoardSamples.create(work.resolve("board")), to.resolve("board-1.0.gz"));
        Files.delete(ring);
        Files.delete(work.resolve("board"));
        Files.delete(work);
    }

    private static void pack(Path file, Path to) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(to))) {
            Files.copy(file, out);
        }
    }

    private Path golden(String name) throws IOException {
        Assumptions.assumeTrue(Linux.pageSize() == Frames.PAGE, "golden files have 4 KiB pages");
        Path file = folder.resolve(name);
        try (InputStream in = new GZIPInputStream(
                Objects.requireNonNull(GoldenFilesTest.class.getResourceAsStream("/golden/" + name + ".gz")))) {
            Files.copy(in, file);
        }
        return file;
    }

    @Test
    void shouldReadTheRingOfVersion1() throws IOException {
        Path file = golden("ring-1.0");
        try (RingObserver observer = RingObserver.open(file)) {
            RingStatus status = observer.status();
            assertThat(status.capacity()).isEqualTo(4096);
            assertThat(status.closed()).isTrue();
            assertThat(status.messages()).isEqualTo(4);
            assertThat(status.readers()).extracting(ReaderLag::slot).containsExactly(1, 2, 3);
            assertThat(status.readers()).extracting(ReaderLag::state)
                    .containsExactly(ReaderState.LEFT, ReaderState.JOINING, ReaderState.EVICTED);
            assertThat(status.readers().getFirst().messages()).isEqualTo(3);
        }
        try (var mapped = RingLayout.open(file, false)) {
            mapped.memory().set(ValueLayout.JAVA_LONG, RingLayout.TAIL, 0); // to read it all once more
        }
        try (RingReader reader = RingReader.join(file, 0)) {
            assertThat(Frames.drain(reader)).containsExactly("already read", "unread", "typed", "in three parts");
        }
    }

    @Test
    void shouldReadTheBoardOfVersion1() throws IOException {
        try (Board board = Board.open(golden("board-1.0"), false)) {
            assertThat(board.workers()).isEqualTo(2);
            assertThat(board.driver().phase()).isEqualTo(Phase.READY);
            assertThat(board.rank(0).method()).isEqualTo("execute_model");
            assertThat(board.rank(0).costClass()).isEqualTo("decode");
            assertThat(board.rank(0).section()).isEqualTo(new SectionStatus(1, "warm-up", 5_000_000));
            assertThat(board.rank(0).collectives()).singleElement()
                    .satisfies(c -> assertThat(c.op()).isEqualTo("all_reduce"));
            assertThat(board.inFlight()).singleElement().satisfies(call -> assertThat(call.callId()).isEqualTo(2));
            assertThat(board.rank(0).lockCycle())
                    .isEqualTo(new LockCycleStatus(1, 2, "loop waits for lock A, held by pool-1"));
            assertThat(board.asWorker(1).isEpochOver()).isTrue();
            assertThat(board.stack(0, 1)).isEqualTo("stack of request 1");
            assertThat(Objects.requireNonNull(board.verdict()).reason()).isEqualTo("call is very late");
            assertThat(Objects.requireNonNull(board.verdict()).incident()).isEqualTo("/incidents/one");
            assertThat(Objects.requireNonNull(board.suspect()).reason()).isEqualTo("call is late");
            assertThat(board.flight(0)).extracting(event -> event.kind()).startsWith(FlightKind.PHASE,
                    FlightKind.RECEIVED);
        }
    }
}
