package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.BoardSamples;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.ShmTempDir;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** Its own number in every word. */
    private static MemorySegment message(long number, int words) {
        long[] all = new long[words];
        Arrays.fill(all, number);
        return MemorySegment.ofArray(all);
    }

    /**
     * Beginning three quarters up, so that the messages cross the ring's end. What is written after it began fits the ring, so it
     * can lose nothing, however slow it is.
     */
    @Test
    void shouldFollowALiveRing() {
        Path file = folder.resolve("ring");
        int messages = 25_000;
        int fragments = 0;
        int capacity = 1 << 21;
        RingWriter writer = RingWriter.create(file, RingConfig.builder(capacity, 1).followers(true).build());
        MemorySegment early = MemorySegment.ofArray(new byte[4096]);
        while (writer.position() < capacity / 4 * 3L) {
            writer.write(1, early, 0, early.byteSize(), 0);
        }
        long from = writer.position();
        try (Child follower = Child.command(List.of(reader, "ring", file.toString()))) {
            assertThat(follower.awaitLine("following")).isEqualTo("following from=" + from);
            for (int i = 0; i < messages; i++) {
                int words = i % 8;
                if (i % 1000 == 998) {
                    writer.tryClaim(8 * words);
                    writer.abort();
                } else if (i % 1000 == 999) {
                    words = 300;
                    fragments += 3;
                    int type = words;
                    Fragments.of(i, message(i, words), 1000)
                            .forEach(part -> writer.writeFragment(type, part, System.nanoTime(), Frames.SECOND));
                    continue;
                }
                writer.write(words, message(i, words), 0, 8L * words, 0);
            }
            long position = writer.position();
            assertThat(position - from).isBetween(capacity / 4 + 1L, capacity / 16 * 15L);
            writer.close();
            assertThat(follower.awaitLine("")).isEqualTo("end messages=" + messages + " fragments=" + fragments
                    + " crossed=1 lost=0 position=" + position);
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
            List<String> lines = new ArrayList<>();
            for (String line = board.awaitLine(""); !line.equals("end"); line = board.awaitLine("")) {
                lines.add(line);
            }
            assertThat(board.awaitExit()).isZero();
            assertThat(lines).containsExactly(
                    "driver pid=" + pid + " phase=READY ticks=1 issued=2 completed=1 failed=0 epochOver=1",
                    "flight driver event=1 kind=PHASE a=2 b=0",
                    "flight driver event=2 kind=ISSUED a=1 b=" + (1 + (2L << 32)),
                    "flight driver event=3 kind=ISSUED a=2 b=1",
                    "flight driver event=4 kind=CANCELLED a=2 b=0",
                    "flight driver event=5 kind=COMPLETED a=1 b=0",
                    "rank=0 pid=" + pid
                            + " phase=READY received=1 started=1 finished=0 method=execute_model class=decode",
                    "section rank=0 sequence=1 boundNs=5000000 name=warm-up",
                    "cycle rank=0 call=1 looks=2 text=loop waits for lock A, held by pool-1",
                    "collective rank=0 communicator=0 entered=1 launched=1 completed=0 op=all_reduce count=4096"
                            + " dtype=bf16",
                    "stack rank=0 request=1 text=stack of request 1",
                    "flight rank=0 event=1 kind=PHASE a=2 b=0",
                    "flight rank=0 event=2 kind=RECEIVED a=1 b=0",
                    "flight rank=0 event=3 kind=STARTED a=1 b=1",
                    "flight rank=0 event=4 kind=COLLECTIVE_ENTERED a=1 b=0",
                    "flight rank=0 event=5 kind=COLLECTIVE_LAUNCHED a=1 b=0",
                    "flight rank=0 event=6 kind=SECTION_BEGIN a=1 b=5",
                    "rank=1 pid=0 phase=ABSENT received=0 started=0 finished=0 method= class=",
                    "call=2 method=execute_model class= replyRank=0 timeoutNs=2000",
                    "cancelled=2",
                    "watchdog pid=" + pid + " enforce=1 ticks=1 worstStallNs=7",
                    "suspect=1 kind=SPINNING rank=0 call=1 confidence=0.50 victims=2 reason=call is late",
                    "verdict=1 kind=SPINNING rank=0 call=1 confidence=0.90 victims=2 reason=call is very late",
                    "sealed=1 incident=/incidents/one");
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
