package dev.rollcall.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.tools.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupChecksTest {
    @TempDir
    private Path root;

    @BeforeEach
    void makeHierarchy() throws IOException {
        write("proc/self/cgroup", "0::/pod/container\n");
        write("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
    }

    @Test
    void shouldTakeTheTightestLimitOfAllAncestors() throws IOException {
        write("sys/fs/cgroup/pod/cpu.max", "50000 100000\n");
        write("sys/fs/cgroup/pod/container/cpu.max", "200000 100000\n");
        write("sys/fs/cgroup/pod/memory.max", "max\n");
        write("sys/fs/cgroup/pod/container/memory.max", "536870912\n");

        List<Finding> findings = new CgroupChecks(new Machine(root)).all();

        assertThat(findings).extracting(Finding::found).containsExactly("0.50 CPUs", "512 MiB");
        assertThat(findings).extracting(Finding::level).containsOnly(Level.WARN);
    }

    @Test
    void shouldSayThatNothingIsLimited() throws IOException {
        write("sys/fs/cgroup/pod/container/cpu.max", "max 100000\n");

        assertThat(new CgroupChecks(new Machine(root)).all()).extracting(Finding::found).containsOnly("no limit");
    }

    @Test
    void shouldNotGuessWithoutVersionTwo() throws IOException {
        Files.delete(root.resolve("sys/fs/cgroup/cgroup.controllers"));

        assertThat(new CgroupChecks(new Machine(root)).all()).extracting(Finding::level).containsExactly(Level.OK);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
