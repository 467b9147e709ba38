package dev.rollcall.tools.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
    @TempDir
    private Path temp;

    @Test
    void shouldCreateAFolderForItsOwnerOnly() throws IOException {
        PrivateFolder folder = PrivateFolder.prepare(temp.resolve("a/b"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path()))).isEqualTo("rwx------");
        assertThat(folder.path()).isEmptyDirectory();
    }

    @Test
    void shouldRemoveOnlyWhatItCreatedAndNobodyUsed() throws IOException {
        PrivateFolder unused = PrivateFolder.prepare(temp.resolve("unused"));
        PrivateFolder used = PrivateFolder.prepare(temp.resolve("used"));
        Files.writeString(used.path().resolve("incident"), "x");
        PrivateFolder older = PrivateFolder.prepare(temp);

        unused.removeIfUnused();
        used.removeIfUnused();
        older.removeIfUnused();

        assertThat(unused.path()).doesNotExist();
        assertThat(used.path().resolve("incident")).exists();
        assertThat(temp).exists();
    }

    @Test
    void shouldSayInOneLineThatItCannotWrite() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");

        assertThatThrownBy(() -> PrivateFolder.prepare(file)).isInstanceOf(UnfitException.class)
                .hasMessageContaining("path=" + file);
    }
}
