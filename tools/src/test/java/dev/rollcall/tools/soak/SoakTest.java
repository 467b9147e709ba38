package dev.rollcall.tools.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.tools.Rollcall;
import dev.rollcall.tools.console.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The command as a user runs it, for five seconds. */
@Timeout(180)
@Execution(ExecutionMode.SAME_THREAD)
class SoakTest {
    private static final long END_SECONDS = 150;

    @TempDir
    private Path temp;

    @Test
    void shouldEndEveryCallOnceAndNameNobodyInnocent() throws Exception {
        Process process = new ProcessBuilder(List.of(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Rollcall.class.getName(), "soak", "--for", "5s", "--seed", "7",
                "--workers", "3", "--json", "--incidents", temp.resolve("incidents").toString()))
                .redirectError(temp.resolve("stderr").toFile()).start();
        try {
            List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
            assertThat(process.waitFor(END_SECONDS, TimeUnit.SECONDS)).isTrue();
            String words = Files.readString(temp.resolve("stderr"));
            assertThat(words).as("what the ERROR lines are").contains("soak: WARN and ERROR below are of the faults");
            String all = lines + words;
            JsonNode report = Json.parse(lines.getLast());
            assertThat(report.path("problems")).as(all).isEmpty();
            assertThat(process.exitValue()).as(all).isZero();
            assertThat(all).doesNotContain(", -");
            assertThat(report.path("outcomes").path("completed").asLong()).as(all).isPositive();
            assertThat(report.path("faults")).as(all).isNotEmpty();
            assertThat(report.path("driver")).as(all).isNotEmpty();
        } finally {
            process.destroy();
        }
    }
}
