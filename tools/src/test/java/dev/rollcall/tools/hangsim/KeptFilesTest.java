package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFilesTest {
    @TempDir
    private Path temp;

    @Test
    void shouldBringTheFilesBackAsTheyWereAtTheEnd() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("7f3a-1"));
        Path board = Files.writeString(folder.resolve("board"), "ready");

        KeptFiles kept = KeptFiles.link(folder);
        Files.writeString(board, "closed");
        Files.delete(board);
        Files.delete(folder);
        kept.restore();

        assertThat(folder.resolve("board")).hasContent("closed");
        assertThat(temp.toFile().list()).containsExactly("7f3a-1");
    }
}
