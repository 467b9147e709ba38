package dev.rollcall.shm.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.IncompatibleSegmentException;
import dev.rollcall.shm.NoSpaceException;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.SegmentInUseException;
import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.testing.ShmTempDir;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, mappings and locks. */
class MappedFileTest {
    private static final int PAGE = 4096;

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    @Test
    void shouldMapTheEndTwice() {
        Path file = folder.resolve("mirrored");
        try (MappedFile mapped = MappedFile.create(file, 3 * PAGE, PAGE, PAGE)) {
            assertThat(mapped.memory().byteSize()).isEqualTo(5 * PAGE);
            mapped.memory().set(ValueLayout.JAVA_LONG, PAGE + 8, 42);
            assertThat(mapped.memory().get(ValueLayout.JAVA_LONG, 3 * PAGE + 8)).isEqualTo(42);
            mapped.memory().set(ValueLayout.JAVA_LONG, 5 * PAGE - 8, 43);
            assertThat(mapped.memory().get(ValueLayout.JAVA_LONG, 3 * PAGE - 8)).isEqualTo(43);
        }
    }

    @Test
    void shouldAlignTheMirroredPartForHugePages() {
        long huge = 2 << 20;
        try (MappedFile mapped = MappedFile.create(folder.resolve("huge"), 2 * huge, huge, huge)) {
            assertThat((mapped.memory().address() + huge) % huge).isZero();
            mapped.memory().set(ValueLayout.JAVA_LONG, huge, 42);
            assertThat(mapped.memory().get(ValueLayout.JAVA_LONG, 2 * huge)).isEqualTo(42);
            boolean collapsed = mapped.collapseToHugePages();
            assertThat(mapped.memory().get(ValueLayout.JAVA_LONG, 2 * huge)).as("collapsed=%s", collapsed)
                    .isEqualTo(42);
            mapped.prefault();
        }
    }

    @Test
    void shouldSayHowMuchRoomIsMissing() throws IOException {
        Path file = folder.resolve("big");
        long tooMuch = Files.getFileStore(folder).getTotalSpace() + (1L << 30);
        assertThatThrownBy(() -> MappedFile.create(file, tooMuch)).isInstanceOf(NoSpaceException.class)
                .hasMessageContaining("needed=" + tooMuch).hasMessageContaining("free=")
                .hasMessageContaining("path=" + file);
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldNeverCreateOverAFileOrFollowALink() throws IOException {
        Path file = Files.createFile(folder.resolve("there"));
        assertThatThrownBy(() -> MappedFile.create(file, PAGE)).isInstanceOf(SegmentInUseException.class);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThatThrownBy(() -> MappedFile.open(link, 0, true)).isInstanceOf(RollcallException.class)
                .hasMessageContaining("ELOOP");
        assertThatThrownBy(() -> MappedFile.open(folder.resolve("none"), 0, true)).isInstanceOf(RollcallException.class)
                .hasMessageContaining("ENOENT");
    }

    @Test
    void shouldKeepItsLockWhenTheSameProcessOpensAndClosesTheFile() {
        Path file = folder.resolve("locked");
        try (MappedFile owner = MappedFile.create(file, 0)) {
            assertThat(owner.tryLock(0)).isTrue();
            try (MappedFile other = MappedFile.open(file, 0, false)) {
                assertThat(other.isLockedByOther(0)).isTrue();
                assertThat(other.tryLock(0)).isFalse();
                assertThat(other.tryLock(1)).isTrue();
            }
            try (MappedFile other = MappedFile.open(file, 0, true)) {
                assertThat(other.isLockedByOther(0)).isTrue();
                assertThat(other.isLockedByOther(1)).isFalse();
                owner.unlock(0);
                assertThat(other.isLockedByOther(0)).isFalse();
            }
        }
    }

    @Test
    void shouldRefuseToWriteToAnotherUsersFile() throws IOException {
        Assumptions.assumeTrue(Linux.uid() == 0, "only root can give a file away");
        Path file = folder.resolve("foreign");
        MappedFile.create(file, PAGE).close();
        Files.setAttribute(file, "unix:uid", 65534, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> MappedFile.open(file, 1, false)).isInstanceOf(IncompatibleSegmentException.class)
                .hasMessageContaining("expectedUid=0").hasMessageContaining("foundUid=65534");
    }

    @Test
    void shouldGiveAnEmbedderPlainPrivateMemory() throws IOException {
        Path file = folder.resolve("own");
        try (SharedFile owner = SharedFile.create(file, PAGE); SharedFile reader = SharedFile.open(file, true)) {
            owner.memory().set(ValueLayout.JAVA_INT, 12, 7);
            assertThat(reader.memory().get(ValueLayout.JAVA_INT, 12)).isEqualTo(7);
            assertThat(reader.memory().isReadOnly()).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        }
    }

    @Test
    void shouldFailCleanlyAfterClose() {
        MappedFile mapped = MappedFile.create(folder.resolve("closed"), PAGE);
        mapped.close();
        mapped.close();
        assertThatThrownBy(() -> mapped.memory().get(ValueLayout.JAVA_LONG, 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
