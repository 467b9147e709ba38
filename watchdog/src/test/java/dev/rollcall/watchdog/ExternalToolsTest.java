package dev.rollcall.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With tools and a {@code /proc} of its own. */
class ExternalToolsTest {
    private static final int PID = 4321;

    @TempDir
    private Path temp;

    private Path proc;
    private Path bin;

    @BeforeEach
    void prepare() throws IOException {
        proc = Files.createDirectories(temp.resolve("proc/" + PID)).getParent();
        Files.createDirectories(proc.resolve("sys/kernel/yama"));
        bin = Files.createDirectory(temp.resolve("bin"));
    }

    private void program(String name) throws IOException {
        Files.createSymbolicLink(proc.resolve(PID + "/exe"), temp.resolve("jdk/" + name));
    }

    private void tool(String name, String script) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private String ask(char state, boolean root) throws InterruptedException {
        return new ExternalTools(PID, state, proc, bin.toString(), root).ask();
    }

    @Test
    void shouldTakeWhatTheToolsSay() throws Exception {
        program("java");
        tool("jcmd", "echo jcmd was told \"$@\"");
        tool("gdb", "echo gdb was told \"$@\"; exit 3");

        assertThat(ask('S', false)).contains("== jcmd: exit=0", "jcmd was told 4321 Thread.print", "== gdb: exit=3",
                "-p 4321");
    }

    @Test
    void shouldNotAskAStoppedJvmWhatItCannotAnswer() throws Exception {
        program("java");
        tool("jcmd", "echo never");

        assertThat(ask('T', true)).contains("jcmd: not run: a process in state T").contains("gdb: not on the PATH")
                .doesNotContain("never");
    }

    @Test
    void shouldSayWhichRightIsMissing() throws Exception {
        program("python3.12");
        tool("py-spy", "echo spied");
        tool("gdb", "echo debugged");
        Files.writeString(proc.resolve("sys/kernel/yama/ptrace_scope"), "1\n");

        assertThat(ask('S', false)).contains("py-spy: not run: ptrace_scope=1", "gdb: not run: ptrace_scope=1");
        assertThat(ask('S', true)).contains("spied", "debugged");
        assertThat(ask('t', true)).contains("py-spy: not run: another debugger holds the process");
    }

    @Test
    void shouldKillAToolThatHangsAndLeaveTimeForTheNext() throws Exception {
        program("java");
        tool("jcmd", "echo begun; exec sleep 60");
        tool("gdb", "echo debugged");
        long start = System.nanoTime();

        assertThat(ask('S', true)).contains("jcmd: killed, it took too long", "begun", "debugged");
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    @Test
    void shouldDoWithoutTools() throws Exception {
        assertThat(ask('S', true)).contains("which program it is cannot be read").contains("gdb: not on the PATH");
    }
}
