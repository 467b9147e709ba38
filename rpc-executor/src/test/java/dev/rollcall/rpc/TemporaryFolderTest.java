package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import dev.rollcall.shm.os.ProcessIdentity;

class TemporaryFolderTest {

    @Test
    void shouldSweepFoldersOfDeadLaunchersOnly() throws IOException {
        Path live = TemporaryFolder.create(0);
        ProcessIdentity self = ProcessIdentity.self();
        // this pid, but started at another time: a launcher that is gone
        String name = "rollcall-" + self.pidNamespace() + "-" + self.pid() + "-" + (self.startTicks() - 1) + "-0-1";
        Path dead = Files.createDirectory(live.resolveSibling(name));
        Path foreign = Files.createDirectory(live.resolveSibling("rollcall-1-" + self.pid() + "-1-0-1"));
        Files.writeString(dead.resolve("library.so"), "x");
        try {
            assertThat(TemporaryFolder.sweep()).isEmpty();
            assertThat(live).exists();
            assertThat(foreign).exists();
            assertThat(dead).doesNotExist();
        } finally {
            TemporaryFolder.delete(live);
            TemporaryFolder.delete(foreign);
            TemporaryFolder.delete(dead);
        }
    }
}
