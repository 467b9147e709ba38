package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An embedder needs one JVM flag, for native access, and no library for typed payloads or meters. */
class EmbeddingTest {

    /** What the child runs: process and thread workers, futures and handlers, restart and health. */
    static final class Main {

        private Main() {
        }

        public static void main(String[] args) throws Exception {
            System.out.println("served " + EmbedExample.serve(MemorySegment.ofArray(new byte[10])));
            try (CollectiveExecutor group =
                    CollectiveExecutor.builder(ThreadLauncher.of(TestWorker::new), 2).start()) {
                group.restart();
                System.out.println("again " + group.call("rank", MemorySegment.NULL).get().workers() + " "
                        + group.checkHealth(TestGroup.SECONDS_10).isWell());
            }
        }
    }

    @Test
    void shouldRunWithNothingButNativeAccess() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("chronicle") && !entry.contains("openhft"))
                .filter(entry -> !entry.contains("micrometer"))
                .collect(Collectors.joining(File.pathSeparator));
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny",
                "--sun-misc-unsafe-memory-access=deny", "-cp", classPath, Main.class.getName())
                .redirectErrorStream(true).start();
        try {
            List<String> lines = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                    .toList();
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(lines).contains("served 11", "again 2 true");
            assertThat(lines).noneMatch(line -> line.startsWith("WARNING"));
            assertThat(child.exitValue()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"net/openhft,chronicle", "io/micrometer,micrometer"})
    void shouldNameAnOptionalLibraryInItsOwnPackageOnly(String library, String itsPackage) throws IOException {
        Path classes = Path.of(CollectiveExecutor.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        try (Stream<Path> files = Files.walk(classes)) {
            List<Path> users = files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> names(file, library)).toList();
            assertThat(users).isNotEmpty().allMatch(file -> file.getParent().endsWith(itsPackage));
        }
    }

    private static boolean names(Path file, String library) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(library);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
