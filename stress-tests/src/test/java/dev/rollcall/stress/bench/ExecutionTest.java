package dev.rollcall.stress.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that is run to its end, or not. */
class ExecutionTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    private Path temporary;

    @Test
    void shouldReturnWhatACommandSaid() throws InterruptedException {
        Execution done = Execution.of(List.of("sh", "-c", "echo out; echo err >&2; exit 3"), Map.of(), 20);
        assertThat(done).isEqualTo(new Execution(3, "out\n", "err\n"));
    }

    @Test
    void shouldEndTheCommandAndLeaveNoFileWhenToldToEnd() throws Exception {
        Process runner = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Djava.io.tmpdir=" + temporary, "-cp",
                System.getProperty("java.class.path"), Runner.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            await(() -> files() == 2 && runner.children().findAny().isPresent());
            ProcessHandle command = runner.children().findAny().orElseThrow();
            runner.destroy();
            assertThat(runner.waitFor(20, TimeUnit.SECONDS)).isTrue();
            await(() -> !command.isAlive());
            assertThat(temporary).isEmptyDirectory();
        } finally {
            runner.descendants().forEach(ProcessHandle::destroyForcibly);
            runner.destroyForcibly();
        }
    }

    private int files() {
        try (Stream<Path> files = Files.list(temporary)) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("condition not met in time").isLessThan(PATIENCE_NANOS);
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Runs a command that would not end by itself. */
    static final class Runner {
        private Runner() {
        }

        public static void main(String[] args) throws InterruptedException {
            Execution _ = Execution.of(List.of("sleep", "600"), Map.of(), 600);
        }
    }
}
