package dev.rollcall.tools.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.rollcall.shm.os.FileFacts;
import dev.rollcall.shm.os.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
    void shouldRefuseAFolderThatOthersCanWriteTo() throws IOException {
        for (String mode : List.of("rwxrwxrwx", "rwxrwx---", "rwx----w-")) {
            Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString(mode));

            assertThatThrownBy(() -> PrivateFolder.prepare(temp)).as(mode).isInstanceOf(UnfitException.class)
                    .hasMessageContaining("chmod go-w " + temp);
        }
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(PrivateFolder.prepare(temp).path()).isEqualTo(temp);
        assertThat(temp).isEmptyDirectory();
    }

    /** What a parent allows does not matter: /tmp is everybody's. */
    @Test
    void shouldTakeAFolderOfItsOwnBelowOneOfEverybody() throws IOException {
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(PrivateFolder.prepare(temp.resolve("own")).path()).isEmptyDirectory();
    }

    /** To an ordinary user, root's; root can give one away. */
    @Test
    void shouldRefuseAFolderOfAnotherUser() throws IOException {
        Path root = Path.of("/");
        Path folder = FileFacts.of(root).uid() != Linux.uid() ? root : givenAway();

        assertThatThrownBy(() -> PrivateFolder.prepare(folder)).isInstanceOf(UnfitException.class)
                .hasMessageContaining("another user's");
    }

    private Path givenAway() {
        try {
            Files.setAttribute(temp, "unix:uid", Linux.uid() + 1);
        } catch (IOException notAllowed) {
            abort("/ is this user's own, who may not give a folder away: uid=" + Linux.uid() + " error=" + notAllowed);
        }
        return temp;
    }

    @Test
    void shouldSayInOneLineThatItCannotWrite() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");

        assertThatThrownBy(() -> PrivateFolder.prepare(file)).isInstanceOf(UnfitException.class)
                .hasMessageContaining("path=" + file);
    }
}
