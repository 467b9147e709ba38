package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentFoldersTest {
    @TempDir
    private Path temp;

    @Test
    void shouldFindTheFinishedFolderOfOneVerdict() throws IOException {
        Files.createDirectory(temp.resolve("7f3a-1-1-stopped-rank5.partial"));
        Files.createDirectory(temp.resolve("7f3a-1-2-dead-rank0"));
        assertThat(IncidentFolders.find(temp, "7f3a", 1, 1)).isNull();

        Path finished = Files.createDirectory(temp.resolve("7f3a-1-1-stopped-rank5"));
        assertThat(IncidentFolders.find(temp, "7f3a", 1, 1)).isEqualTo(finished.toString());
    }

    @Test
    void shouldFindNothingWhereThereIsNoFolder() {
        assertThat(IncidentFolders.find(temp.resolve("none"), "7f3a", 1, 1)).isNull();
    }
}
