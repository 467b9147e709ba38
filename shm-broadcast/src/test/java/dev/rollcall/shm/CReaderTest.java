package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.BoardSamples;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.ShmTempDir;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LAYOUT.md is enough: a C program follows a live ring and prints a board. Where there is no gcc, there is nothing to run. */
class CReaderTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    @TempDir
    Path programs;

    private String reader;

    @BeforeEach
    void compile() {
        boolean gcc =
                Stream.of("/usr/bin", "/usr/local/bin").anyMatch(path -> Files.isExecutable(Path.of(path, "gcc")));
        Assumptions.assumeTrue(gcc, "no gcc");
        reader = programs.resolve("reader").toString();
        try (Child compiler = Child.command(List.of(
                "gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", reader, "src/test/c/reader.c"))) {
            assertThat(compiler.awaitExit()).as(() -> String.join("\n", compiler.output())).isZero();
        }
    }

    @Test
    void shouldFollowALiveRing() {
        Path file = folder.resolve("ring");
        int frames = 30_000;
        RingWriter writer = RingWriter.create(file, RingConfig.builder(1 << 21, 1).followers(true).build());
        try (Child follower = Child.command(List.of(reader, "ring", file.toString()))) {
            follower.awaitLine("following from=0");
            for (int i = 0; i < frames; i++) {
                int words = i % 8;
                long at = writer.tryClaim(8 * words);
                for (int w = 0; w < words; w++) {
                    writer.buffer().set(ValueLayout.JAVA_LONG, at + 8L * w, i);
                }
                if (i % 1000 == 999) {
                    writer.abort();
                    at = writer.tryClaim(8 * words);
                    for (int w = 0; w < words; w++) {
                        writer.buffer().set(ValueLayout.JAVA_LONG, at + 8L * w, i);
                    }
                }
                writer.commit(words);
            }
            long position = writer.position();
            writer.close();
            assertThat(follower.awaitLine("")).isEqualTo("end frames=" + frames + " lost=0 position=" + position);
            assertThat(follower.awaitExit()).isZero();
        } finally {
            writer.close();
        }
    }

    @Test
    void shouldPrintABoard() {
        Path file = BoardSamples.create(folder.resolve("board"));
        long pid = ProcessHandle.current().pid();
        try (Child board = Child.command(List.of(reader, "board", file.toString()))) {
            assertThat(board.awaitExit()).isZero();
            assertThat(board.awaitLine("driver")).isEqualTo("driver pid=" + pid + " phase=READY ticks=1 issued=2");
            assertThat(board.awaitLine("rank=0")).isEqualTo("rank=0 pid=" + pid
                    + " phase=READY received=1 started=1 finished=0 method=execute_model class=decode");
            assertThat(board.awaitLine("rank=1")).startsWith("rank=1 pid=0 phase=ABSENT");
            assertThat(board.awaitLine("call")).isEqualTo("call=2 method=execute_model replyRank=0");
            assertThat(board.awaitLine("verdict")).isEqualTo("verdict=1 kind=3 rank=0 reason=call is very late");
        }
    }

    @Test
    void shouldRefuseWhatIsNeither() throws Exception {
        Path file = Files.write(folder.resolve("noise"), new byte[5000]);
        try (Child ring = Child.command(List.of(reader, "ring", file.toString()))) {
            assertThat(ring.awaitExit()).isEqualTo(1);
            assertThat(ring.awaitLine("refused")).isEqualTo("refused magic, version or length");
        }
    }
}
