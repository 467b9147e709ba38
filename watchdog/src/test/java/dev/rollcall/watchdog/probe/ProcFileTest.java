package dev.rollcall.watchdog.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFileTest {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(8192);

    @TempDir
    private Path folder;

    @Test
    void shouldStayGoneWhenItsPathComesToMeanAnother() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        Path path = folder.resolve("stat");
        try (ProcFile file = new ProcFile(path)) {
            Files.createSymbolicLink(path, Path.of("/proc/" + process.pid() + "/stat"));
            assertThat(file.read(buffer)).isTrue();
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(file.read(buffer)).isFalse();

            Files.delete(path);
            Files.createSymbolicLink(path, Path.of("/proc/self/stat"));

            assertThat(file.read(buffer)).isFalse();
            assertThat(file.isRefused()).isFalse();
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(path);
        }
    }
}
