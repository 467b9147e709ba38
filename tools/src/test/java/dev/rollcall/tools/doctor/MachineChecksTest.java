package dev.rollcall.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.tools.console.Style;
import dev.rollcall.tools.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineChecksTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path root;

    @Test
    void shouldAskForAJdkThatIsNewEnough() {
        assertThat(MachineChecks.jdk(25).level()).isEqualTo(Level.OK);
        assertThat(MachineChecks.jdk(21).level()).isEqualTo(Level.FAIL);
        assertThat(MachineChecks.jdk(21).hint()).contains("JAVA_HOME");
    }

    @Test
    void shouldMissJcmdWithAWarning() throws IOException {
        assertThat(MachineChecks.jcmd(root).level()).isEqualTo(Level.WARN);
        Path jcmd = Files.createDirectories(root.resolve("bin")).resolve("jcmd");
        Files.writeString(jcmd, "");
        assertThat(jcmd.toFile().setExecutable(true)).isTrue();
        assertThat(MachineChecks.jcmd(root).level()).isEqualTo(Level.OK);
    }

    @Test
    void shouldJudgeSharedMemoryByWhatTheDefaultGroupNeeds() {
        assertThat(MachineChecks.sharedMemory("tmpfs", 8 * MIB, 8 * MIB).level()).isEqualTo(Level.FAIL);
        assertThat(MachineChecks.sharedMemory("tmpfs", 64 * MIB, 40 * MIB).level()).isEqualTo(Level.WARN);
        assertThat(MachineChecks.sharedMemory("tmpfs", 64 * MIB, 64 * MIB).level()).isEqualTo(Level.OK);
        assertThat(MachineChecks.sharedMemory("ext4", 640 * MIB, 640 * MIB).level()).isEqualTo(Level.FAIL);
    }

    @Test
    void shouldReadThePtraceScope() throws IOException {
        MachineChecks checks = new MachineChecks(new Machine(root));
        assertThat(checks.ptraceScope().found()).contains("no Yama");

        Path scope = Files.createDirectories(root.resolve("proc/sys/kernel/yama")).resolve("ptrace_scope");
        Files.writeString(scope, "1\n");
        assertThat(checks.ptraceScope().level()).isEqualTo(Level.OK);
        Files.writeString(scope, "3\n");
        assertThat(checks.ptraceScope().level()).isEqualTo(Level.WARN);
    }

    @Test
    void shouldTellTheHostsPidNamespaceFromAContainers() throws IOException {
        MachineChecks checks = new MachineChecks(new Machine(root));
        assertThat(checks.pidNamespace().level()).isEqualTo(Level.WARN);

        Path link = Files.createDirectories(root.resolve("proc/self/ns")).resolve("pid");
        Files.createSymbolicLink(link, Path.of("pid:[4026531836]"));
        assertThat(checks.pidNamespace().found()).contains("the host's");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("pid:[4026532000]"));
        assertThat(checks.pidNamespace().found()).contains("a container's");
    }

    @Test
    void shouldPutHintsBelowWhatTheyAreAbout() {
        List<Finding> findings =
                List.of(Finding.ok("jdk", "Java 25"), Finding.fail("/dev/shm", "tmpfs 8 MiB", "make it larger"));

        assertThat(DoctorCommand.lines(findings, false, Style.PLAIN)).containsExactly(
                "ok    jdk                Java 25",
                "fail  /dev/shm           tmpfs 8 MiB",
                "                         -> make it larger",
                "not fit");
    }

    @Test
    void shouldFindThisMachinesKernelUsable() {
        assertThat(KernelChecks.all()).allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Level.OK));
    }
}
