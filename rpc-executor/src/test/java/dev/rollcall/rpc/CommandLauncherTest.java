package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With the Python worker. */
class CommandLauncherTest extends LauncherContract {

    @BeforeAll
    static void needPython() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the Python worker is for x86-64");
        assumeTrue(new ProcessBuilder("python3", "-c", "import os; os.pidfd_open").start().waitFor() == 0,
                "needs Python 3.9");
    }

    static CommandLauncher python() {
        return CommandLauncher.of("python3", Path.of("src/test/python/test_worker.py").toAbsolutePath().toString());
    }

    @Override
    WorkerLauncher launcher(int faultRank) {
        return python().environment("FAULT_RANK", Integer.toString(faultRank));
    }

    @Test
    void shouldRunTheExampleOfTheReadme() throws Exception {
        assertThat(CommandExample.ask(Path.of("src/test/python/test_worker.py").toAbsolutePath())).isEqualTo("hello");
    }

    @Override
    boolean canKill() {
        return true;
    }
}
