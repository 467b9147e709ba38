package dev.rollcall.shm.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.IncompatibleSegmentException;
import dev.rollcall.shm.testing.Change;
import dev.rollcall.shm.testing.ShmTempDir;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a board's file is said, and the file is left as it was. */
class BoardRefusalTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Path file;
    private long bytes;

    @BeforeEach
    void create() throws IOException {
        file = BoardSamples.create(folder.resolve("board"));
        bytes = Files.size(file);
    }

    private void assertRefused(String says) throws IOException {
        byte[] before = Files.readAllBytes(file);
        for (boolean readOnly : new boolean[]{true, false}) {
            assertThatThrownBy(() -> Board.open(file, readOnly)).isInstanceOf(IncompatibleSegmentException.class)
                    .hasMessageContaining(says).hasMessageContaining("expected").hasMessageContaining("found")
                    .hasMessageContaining("path=" + file);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest(name = "{3}: word {0} = {2}")
    @CsvSource({
            "8,  4, 0,                  what=version (file is not complete) expected=65536 found=0",
            "8,  4, 0x20000,            what=major version expected=1 found=2",
            "8,  4, 5,                  what=major version expected=1 found=0",
            "0,  8, 0,                  what=magic",
            "0,  8, 0x0001474e49524352, what=magic", // a ring's
            "12, 4, 0,                  what=workers expected=64 found=0",
            "12, 4, 65,                 what=workers expected=64 found=65",
            "12, 4, -1,                 what=workers expected=64 found=-1",
            "12, 4, 3,                  what=stated file length expected=196608 found=147456",
            "16, 8, 0,                  what=stated file length expected=147456 found=0",
            "16, 8, 0x7fffffffffffffff, what=stated file length",
    })
    void shouldSayWhichWordIsWrong(long at, int width, String value, String says) throws IOException {
        Change.word(file, at, width, value);
        assertRefused(says);
    }

    @Test
    void shouldRefuseAFileOfTheOtherByteOrder() throws IOException {
        Change.of(file, m -> {
            m.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, Long.reverseBytes(BoardLayout.MAGIC));
            m.set(ValueLayout.JAVA_INT_UNALIGNED, BoardLayout.VERSION_AT, Integer.reverseBytes(BoardLayout.VERSION));
        });
        assertRefused("what=byte order");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 49152, 98303})
    void shouldRefuseAFileThatHasNoRoomForARank(int length) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
        assertRefused("file is too short");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 4096})
    void shouldRefuseAFileOfAnotherLength(int difference) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) bytes + difference));
        assertRefused("what=file length expected=" + bytes + " found=" + (bytes + difference));
    }

    @Test
    void shouldReadAFileOfALaterMinorVersion() throws IOException {
        Change.of(file, m -> m.set(ValueLayout.JAVA_INT_UNALIGNED, BoardLayout.VERSION_AT, BoardLayout.VERSION + 7));
        try (Board board = Board.open(file, true)) {
            assertThat(board.rank(0).method()).isEqualTo("execute_model");
        }
    }
}
