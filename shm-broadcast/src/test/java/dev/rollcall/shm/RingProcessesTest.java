package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.os.Signal;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.ShmTempDir;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writer and readers in processes of their own, some of which are killed. */
class RingProcessesTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    /** Joins, says so, echoes every frame, ends with the ring. */
    static final class EchoReader {
        private EchoReader() {
        }

        public static void main(String[] args) {
            try (RingReader reader = RingReader.join(Path.of(args[0]), Integer.parseInt(args[1]))) {
                System.out.println("joined");
                while (true) {
                    boolean _ = reader.await(Frames.SECOND);
                    reader.poll((_, b, o, l) -> System.out.println("got " + Frames.string(b, o, l)), 100);
                }
            } catch (RingClosedException end) {
                System.out.println("end " + end.getMessage());
            }
        }
    }

    /** Owns the ring, writes one frame, holds a claim open. */
    static final class HalfWriter {
        private HalfWriter() {
        }

        public static void main(String[] args) throws Exception {
            RingWriter writer = RingWriter.own(Path.of(args[0]));
            writer.awaitReaders(1, 20 * Frames.SECOND);
            Frames.write(writer, "whole");
            long at = writer.tryClaim(100);
            writer.buffer().set(java.lang.foreign.ValueLayout.JAVA_LONG, at, -1L);
            System.out.println("half written");
            System.in.read();
        }
    }

    @Test
    void shouldBroadcastBetweenProcesses() {
        Path file = folder.resolve("ring");
        RingWriter writer = RingWriter.create(file, RingConfig.of(PAGE, 2));
        try (Child first = Child.jvm(EchoReader.class, file, 0); Child second = Child.jvm(EchoReader.class, file, 1)) {
            assertThat(writer.awaitReaders(2, 20 * Frames.SECOND)).isTrue();
            Frames.write(writer, "hello");
            assertThat(first.awaitLine("got")).isEqualTo("got hello");
            assertThat(second.awaitLine("got")).isEqualTo("got hello");
            writer.close();
            assertThat(first.awaitLine("end")).contains("state=closed");
            assertThat(second.awaitExit()).isZero();
        }
    }

    @Test
    void shouldRefuseAWriterAndAReaderOfAnotherProcess() {
        Path file = folder.resolve("ring");
        RingWriter.createFile(file, RingConfig.of(PAGE, 2));
        try (RingReader reader = RingReader.join(file, 0); Child writer = Child.jvm(HalfWriter.class, file)) {
            writer.awaitLine("half written");
            assertThatThrownBy(() -> RingWriter.own(file)).isInstanceOf(SegmentInUseException.class)
                    .hasMessageContaining("pid=" + writer.pid());
            try (Child second = Child.jvm(EchoReader.class, file, 0)) {
                assertThat(second.awaitExit()).isNotZero();
                assertThat(String.join("\n", second.output()))
                        .contains("reader slot is taken: slot=0 pid=" + ProcessHandle.current().pid());
            }
            assertThat(reader.position()).isZero();
        }
    }

    @Test
    void shouldTellReadersThatTheWriterWasKilledHalfway() {
        Path file = folder.resolve("ring");
        RingWriter.createFile(file, RingConfig.of(PAGE, 2));
        try (RingReader reader = RingReader.join(file, 0)) {
            try (Child writer = Child.jvm(HalfWriter.class, file)) {
                writer.awaitLine("half written");
                assertThat(reader.await(Frames.SECOND)).isTrue();
                assertThat(Frames.drain(reader)).containsExactly("whole");
                writer.kill();
            }
            long start = System.nanoTime();
            assertThatThrownBy(() -> reader.await(60 * Frames.SECOND)).isInstanceOf(RingClosedException.class)
                    .hasMessageContaining("state=died");
            assertThat(System.nanoTime() - start).as("told long before its deadline").isLessThan(5 * Frames.SECOND);
            assertThatThrownBy(() -> RingWriter.own(file)).isInstanceOf(RingClosedException.class)
                    .hasMessageContaining("state=died");
        }
    }

    @Test
    void shouldEvictAKilledReaderButNotAStoppedOne() {
        Path file = folder.resolve("ring");
        try (RingWriter writer = RingWriter.create(file, RingConfig.of(PAGE, 2));
                Child child = Child.jvm(EchoReader.class, file, 1)) {
            child.awaitLine("joined");
            child.signal(Signal.STOP);
            Frames.fillUpTo(writer, PAGE, 0);
            assertThatThrownBy(() -> writer.write(1, Frames.text("x"), 0, 1, 250_000_000))
                    .isInstanceOf(RingFullException.class)
                    .hasMessageContaining("reader=1 pid=" + child.pid());
            assertThat(writer.evictDead()).isZero();
            child.kill();
            Frames.write(writer, "goes on");
            assertThat(writer.lags()).singleElement()
                    .satisfies(lag -> assertThat(lag.state()).isEqualTo(ReaderState.EVICTED));
            try (RingReader successor = RingReader.join(file, 1)) {
                Frames.write(writer, "to the successor");
                assertThat(Frames.drain(successor)).containsExactly("to the successor");
            }
        }
    }
}
