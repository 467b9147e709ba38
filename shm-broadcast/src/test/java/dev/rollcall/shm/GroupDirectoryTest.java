package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Birth, life and removal of a group's folder. In a root of its own, so that other tests' groups stay out of the picture. */
class GroupDirectoryTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Path root;

    @BeforeEach
    void root() {
        root = folder.resolve("rollcall-test");
    }

    private GroupDirectory create(String group, int epoch) {
        return GroupDirectory.create(root, group, epoch);
    }

    /** Creates a group with a ring and a board, says where, and waits to be killed. */
    static final class Creator {
        private Creator() {
        }

        public static void main(String[] args) throws Exception {
            GroupDirectory group = GroupDirectory.create(Path.of(args[0]), args[1], 0);
            RingWriter.createFile(group.requestRingFile(), RingConfig.of(Linux.pageSize(), 1));
            Board _ = Board.create(group.boardFile(), 1);
            System.out.println("created " + group.path());
            System.in.read();
        }
    }

    @Test
    void shouldBeBornLockedAndPrivate() throws IOException {
        try (GroupDirectory group = create("born", 3)) {
            assertThat(group.group()).isEqualTo("born");
            assertThat(group.epoch()).isEqualTo(3);
            assertThat(group.path()).isEqualTo(root.resolve("born-3")).isDirectory();
            assertThat(group.isLive()).isTrue();
            assertThat(GroupDirectory.attach(group.path()).isLive()).isTrue();
            for (Path path : List.of(root, group.path())) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwx------");
            }
            assertThat(GroupDirectory.list(root))
                    .containsExactly(new GroupDirectory.Info(group.path(), "born", 3, true));
            assertThat(GroupDirectory.sweep(root).removed()).isEmpty();
        }
    }

    @Test
    void shouldRemoveFolderAndRootWithTheLastGroup() {
        GroupDirectory first = create("first", 0);
        GroupDirectory second = create("second", 0);
        RingWriter.createFile(first.replyRingFile(0), RingConfig.of(Linux.pageSize(), 1));
        SharedFile.create(first.file("own"), 100).close();
        first.close();
        assertThat(first.path()).doesNotExist();
        assertThat(first.isLive()).isFalse();
        assertThat(root).exists();
        second.close();
        assertThat(root).doesNotExist();
        assertThat(GroupDirectory.list(root)).isEmpty();
        assertThat(GroupDirectory.sweep(root)).isEqualTo(new GroupDirectory.SweepReport(List.of(), List.of()));
    }

    @Test
    void shouldNotTouchASuccessorWhenClosedTwice() {
        GroupDirectory former = create("name", 0);
        former.close();
        try (GroupDirectory successor = create("name", 0)) {
            former.close();
            assertThat(successor.path()).exists();
            assertThat(successor.isLive()).isTrue();
        }
    }

    @Test
    void shouldLeaveEverythingWhenAnAttacherCloses() {
        try (GroupDirectory group = create("stay", 0)) {
            GroupDirectory.attach(group.path()).close();
            assertThat(group.path()).exists();
        }
    }

    @Test
    void shouldRefuseANameThatLives() {
        try (GroupDirectory group = create("taken", 0)) {
            assertThatThrownBy(() -> create("taken", 0)).isInstanceOf(SegmentInUseException.class)
                    .hasMessageContaining("path=" + group.path());
            create("taken", 1).close();
        }
        for (String bad : List.of("", "A", "a-b", "../x", "a/b", ".hidden", "x".repeat(33))) {
            assertThatThrownBy(() -> create(bad, 0)).as("name \"%s\"", bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> create("a", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSweepWhatAKilledCreatorLeft() {
        try (Child creator = Child.jvm(Creator.class, root, "victim")) {
            Path left = Path.of(creator.awaitLine("created ").substring(8));
            GroupDirectory seen = GroupDirectory.attach(left);
            assertThat(seen.isLive()).isTrue();
            creator.signal(Signal.STOP);
            assertThat(seen.isLive()).as("stopped is alive").isTrue();
            assertThat(GroupDirectory.sweep(root).removed()).isEmpty();
            creator.kill();
            assertThat(seen.isLive()).isFalse();
            assertThat(GroupDirectory.list(root)).extracting(GroupDirectory.Info::live).containsExactly(false);
            try (GroupDirectory _ = create("next", 0)) {
                assertThat(left).doesNotExist();
            }
        }
        assertThat(root).doesNotExist();
    }

    @Test
    void shouldSweepWhateverACrashLeftAtAnyStep() throws IOException {
        Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<Path> dead = new ArrayList<>();
        dead.add(Files.createDirectory(root.resolve("nolife-0")));
        dead.add(withFiles("life-0", "life"));
        dead.add(withFiles("unfinished-0", "life", "board"));
        dead.add(withFiles("complete-12", "life", "board", "requests", "replies-0", "anything"));
        dead.add(withFiles("lifegone-0", "requests"));
        Path stranger = Files.createDirectory(root.resolve("not a group"));

        GroupDirectory.SweepReport report = GroupDirectory.sweep(root);

        assertThat(report.removed()).containsExactlyInAnyOrderElementsOf(dead);
        assertThat(report.problems()).isEmpty();
        assertThat(stranger).exists();
        Files.delete(stranger);
        assertThat(GroupDirectory.sweep(root).removed()).isEmpty();
        assertThat(root).doesNotExist();
    }

    private Path withFiles(String name, String... files) throws IOException {
        Path group = Files.createDirectory(root.resolve(name));
        for (String file : files) {
            Files.createFile(group.resolve(file));
        }
        return group;
    }

    @Test
    void shouldSayWhatItCannotSweepAndGoOn() throws IOException {
        GroupDirectory live = create("live", 0);
        Path stuck = withFiles("stuck-0", "life");
        Files.createDirectories(stuck.resolve("deep").resolve("deeper"));
        Path dead = withFiles("dead-0", "life");

        GroupDirectory.SweepReport report = GroupDirectory.sweep(root);

        assertThat(report.removed()).containsExactly(dead);
        assertThat(report.problems()).singleElement().asString().contains("path=" + stuck);
        assertThatThrownBy(() -> create("stuck", 0)).isInstanceOf(SegmentInUseException.class)
                .hasMessageContaining("cannot sweep");
        live.close();
    }

    @Test
    void shouldRefuseFoldersThatOthersMayWriteOrOwn() throws IOException {
        try (GroupDirectory group = create("open", 0)) {
            Files.setPosixFilePermissions(group.path(), PosixFilePermissions.fromString("rwxrwx---"));
            assertThatThrownBy(() -> GroupDirectory.attach(group.path()))
                    .isInstanceOf(IncompatibleSegmentException.class)
                    .hasMessageContaining("foundMode=").hasMessageContaining("path=" + group.path());
            if (Linux.uid() == 0) {
                Files.setPosixFilePermissions(group.path(), PosixFilePermissions.fromString("rwx------"));
                Files.setAttribute(group.path(), "unix:uid", 65534);
                assertThatThrownBy(() -> GroupDirectory.attach(group.path()))
                        .isInstanceOf(IncompatibleSegmentException.class)
                        .hasMessageContaining("foundUid=65534");
            }
        }
        Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> create("any", 0)).isInstanceOf(IncompatibleSegmentException.class);
        assertThatThrownBy(() -> GroupDirectory.attach(root.resolve("none-0")))
                .isInstanceOf(IncompatibleSegmentException.class);
        assertThatThrownBy(() -> GroupDirectory.attach(folder)).isInstanceOf(IncompatibleSegmentException.class);
    }

    @Test
    void shouldNameFilesOfItsOwnOnly() {
        try (GroupDirectory group = create("files", 0)) {
            assertThat(group.file("extra")).isEqualTo(group.path().resolve("extra"));
            assertThatThrownBy(() -> group.file("../extra")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> group.file(".extra")).isInstanceOf(IllegalArgumentException.class);
            assertThat(group.boardFile().getParent()).isEqualTo(group.path());
            assertThat(group.replyRingFile(7)).hasFileName("replies-7");
        }
    }

    @Test
    void shouldNeverLetConcurrentCreatorsCollide() throws Exception {
        List<Task<GroupDirectory>> creators = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            creators.add(Task.start(() -> create(GroupDirectory.newName(), 0)));
        }
        Set<Path> paths = new HashSet<>();
        List<GroupDirectory> groups = new ArrayList<>();
        for (Task<GroupDirectory> creator : creators) {
            groups.add(creator.join());
            paths.add(groups.getLast().path());
        }
        assertThat(paths).hasSize(32);
        assertThat(GroupDirectory.list(root)).hasSize(32).allMatch(GroupDirectory.Info::live);
        List<Task<Void>> closers = new ArrayList<>();
        for (GroupDirectory group : groups) {
            closers.add(Task.start(() -> {
                group.close();
                return null;
            }));
        }
        for (Task<Void> closer : closers) {
            closer.join();
        }
        assertThat(root).doesNotExist();
    }

    @Test
    void shouldMakeNamesThatAreValid() {
        for (int i = 0; i < 100; i++) {
            assertThat(GroupDirectory.newName()).matches("[0-9a-f]{4,8}");
        }
        assertThat(GroupDirectory.root()).isEqualTo(Path.of("/dev/shm/rollcall-" + Linux.uid()));
    }

    @Test
    void shouldNeitherListNorSweepInARootOpenToOthers() throws IOException {
        Path leftover = Files.createDirectories(root.resolve("old-1"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> GroupDirectory.sweep(root)).isInstanceOf(IncompatibleSegmentException.class);
        assertThatThrownBy(() -> GroupDirectory.list(root)).isInstanceOf(IncompatibleSegmentException.class);
        assertThat(leftover).exists();
    }

    @Test
    void shouldNotHangOnALifeFileThatIsAFifo() throws Exception {
        Path group = Files.createDirectories(root.resolve("fifo-1"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        assertThat(new ProcessBuilder("mkfifo", group.resolve("life").toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> GroupDirectory.list(root))
                .isInstanceOf(IncompatibleSegmentException.class)
                .hasMessageContaining("regular");
    }
}
