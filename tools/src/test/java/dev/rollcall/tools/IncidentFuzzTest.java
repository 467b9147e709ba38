package dev.rollcall.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.incident.StoppedRank;
import dev.rollcall.watchdog.incident.EvidenceSources;
import dev.rollcall.watchdog.incident.IncidentWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;

/**
 * Damaged incident files, each through the command line ({@code -Drollcall.fuzz.incidents=20000} for more): an answer, or
 * one line that says what is wrong. Seeded; the case's number and the file are in the message of whatever else comes out.
 */
@ResourceLock(Resources.SYSTEM_OUT)
class IncidentFuzzTest {
    private static final int MUTANTS = Integer.getInteger("rollcall.fuzz.incidents", 1_200);
    private static final String TOKENS = "{}[]\",:0123456789-+.eEtfn\\u\u0000\u001b";
    private static final Pattern VALUE =
            Pattern.compile("(?<=:)(-?[0-9][0-9.E+-]*|true|false|null|\"[^\"]*\"|\\[\\]|\\{\\})");
    private static final List<String> EVIL = List.of(
            "0", "-1", "1", "63", "64", "-2", "-3", "2147483647", "-2147483648", "9223372036854775807",
            "-9223372036854775808", "9223372036854775808", "1e308", "1e999999999", "0.5", "-0.0", "NaN", "null",
            "true", "\"\"", "[]", "{}", "[null]", "\"\\u001b[2J\"", "\"\\ud800\"", "\"STOPPED\"", "\"DEAD\"",
            '"' + "x".repeat(5_000) + '"');

    @TempDir
    Path folder;

    private final Random random = new Random(4);
    private final StringWriter err = new StringWriter();
    private @Nullable Throwable thrown;

    @Test
    @Timeout(120)
    void shouldAnswerEveryDamagedIncidentOrSayInOneLineWhatIsWrong() throws IOException {
        Path saved = new IncidentWriter(folder).write(StoppedRank.incident(2), EvidenceSources.none());
        Path json = saved.resolve("incident.json");
        String whole = Files.readString(json);
        List<MatchResult> values = VALUE.matcher(whole).results().toList();
        CommandLine command = command();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        int refused = 0;
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            for (int i = 0; i < MUTANTS; i++) {
                Files.write(json, mutate(whole, values));
                int exit = run(command, i, arguments(i, saved));
                refused += exit == 1 ? 1 : 0;
                requireClear(i, exit, bytes.toString(StandardCharsets.UTF_8), json);
                bytes.reset();
            }
        } finally {
            System.setOut(before);
        }
        assertThat(refused).isBetween(MUTANTS / 4, MUTANTS - 1);
    }

    private CommandLine command() {
        CommandLine command = Rollcall.commandLine().setErr(new PrintWriter(err, true));
        CommandLine.IExecutionExceptionHandler usual = command.getExecutionExceptionHandler();
        return command.setExecutionExceptionHandler((error, line, parsed) -> {
            thrown = error;
            return usual.handleExecutionException(error, line, parsed);
        });
    }

    private static List<String> arguments(int number, Path saved) {
        return switch (number % 8) {
            case 0, 1, 2 -> List.of("incident", "show", saved.toString());
            case 3, 4 -> List.of("incident", "replay", saved.toString());
            case 5 -> List.of("incident", "replay", saved.toString(), "--floor", "500ms");
            case 6 -> List.of("incident", "replay", saved.toString(), "--json");
            default -> List.of("incident", "list", "--incidents", saved.getParent().toString());
        };
    }

    private int run(CommandLine command, int number, List<String> arguments) {
        err.getBuffer().setLength(0);
        thrown = null;
        try {
            return command.execute(arguments.toArray(String[]::new));
        } catch (Error e) {
            throw new AssertionError("case=" + number + " arguments=" + arguments, e);
        }
    }

    private void requireClear(int number, int exit, String out, Path json) throws IOException {
        String said = err.toString();
        if (thrown != null && !(thrown instanceof RollcallException)) {
            throw new AssertionError("case=" + number + " file=" + Files.readString(json, StandardCharsets.ISO_8859_1),
                    thrown);
        }
        assertThat(exit).as("case %d: %s", number, said).isBetween(0, 1);
        assertThat(out).as("case %d", number).doesNotContain("\u001b");
        if (thrown == null) {
            assertThat(said).as("case %d", number).isEmpty();
            assertThat(out).as("case %d", number).isNotBlank();
        } else {
            assertThat(said).as("case %d", number).startsWith("rollcall: incident ").contains("path=").endsWith("\n");
            assertThat(said.strip().lines()).as("case %d", number).hasSize(1);
            assertThat(said).as("case %d", number).doesNotContain("\u001b").hasSizeLessThan(2_000);
            assertThat(out).as("case %d", number).isEmpty();
        }
    }

    /** Half of them are well-formed JSON with wrong values: those get furthest. */
    private byte[] mutate(String whole, List<MatchResult> values) {
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        switch (random.nextInt(8)) {
            case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            case 1 -> bytes[random.nextInt(bytes.length)] = (byte) TOKENS.charAt(random.nextInt(TOKENS.length()));
            case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 3 -> {
                int length = Math.min(random.nextInt(64), bytes.length);
                System.arraycopy(bytes.clone(), random.nextInt(bytes.length - length + 1), bytes,
                        random.nextInt(bytes.length - length + 1), length);
            }
            default -> bytes = otherValues(whole, values).getBytes(StandardCharsets.UTF_8);
        }
        return bytes;
    }

    /** One to four values, some by ones of the same kind. */
    private String otherValues(String whole, List<MatchResult> values) {
        StringBuilder text = new StringBuilder(whole);
        int below = values.size();
        for (int n = random.nextInt(1, 5); n > 0 && below > 0; n--) {
            below = random.nextInt(below);
            MatchResult value = values.get(below);
            boolean number = Character.isDigit(value.group().charAt(value.group().length() - 1));
            text.replace(value.start(), value.end(), number && random.nextBoolean()
                    ? Long.toString(random.nextLong() >> random.nextInt(64)) : EVIL.get(random.nextInt(EVIL.size())));
        }
        return text.toString();
    }
}
