package dev.rollcall.watchdog.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against trees as recorded from a machine of each kind. */
class CgroupsTest {
    private static final int PID = 4711;

    @TempDir
    private Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private boolean isFrozen() {
        return new Cgroups(root).isFrozen(PID);
    }

    @Test
    void shouldSeeAFrozenGroupOfTheUnifiedHierarchy() throws IOException {
        file("proc/self/mountinfo", """
                24 1 0:22 / /proc rw - proc proc rw
                31 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate
                """);
        file("proc/4711/cgroup", "0::/system.slice/engine.service\n");
        file("sys/fs/cgroup/system.slice/engine.service/cgroup.events", "populated 1\nfrozen 0\n");
        assertThat(isFrozen()).isFalse();

        file("sys/fs/cgroup/system.slice/engine.service/cgroup.events", "populated 1\nfrozen 1\n");
        assertThat(isFrozen()).isTrue();
    }

    @Test
    void shouldFindAGroupBelowTheRootOfAContainersMount() throws IOException {
        file("proc/self/mountinfo",
                "31 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
        file("proc/4711/cgroup", "0::/docker/abc/worker\n");
        file("sys/fs/cgroup/worker/cgroup.events", "populated 1\nfrozen 1\n");
        assertThat(isFrozen()).isTrue();

        file("proc/4711/cgroup", "0::/docker/other\n");
        assertThat(isFrozen()).isFalse();
    }

    @Test
    void shouldSeeAFrozenGroupOfTheFirstVersionBesideTheSecond() throws IOException {
        file("proc/self/mountinfo", """
                37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
                41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
                """);
        file("proc/4711/cgroup", "6:freezer:/held\n1:cpu:/\n0::/\n");
        file("sys/fs/cgroup/freezer/held/freezer.state", "FROZEN\n");
        assertThat(isFrozen()).isTrue();

        file("sys/fs/cgroup/freezer/held/freezer.state", "THAWED\n");
        assertThat(isFrozen()).isFalse();
    }

    @Test
    void shouldTakeWhatCannotBeReadForNotFrozen() throws IOException {
        assertThat(isFrozen()).isFalse();
        file("proc/self/mountinfo", "garbage\n31 23 0:26 / /sys/fs/cgroup rw - cgroup2\n");
        assertThat(isFrozen()).isFalse();
    }
}
