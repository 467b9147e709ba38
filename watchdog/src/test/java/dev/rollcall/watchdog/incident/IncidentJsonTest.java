package dev.rollcall.watchdog.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.watchdog.Incident;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IncidentJsonTest {
    private static final int MUTANTS = 3000;

    @TempDir
    Path folder;

    static Stream<Sample> samples() {
        return Stream.of(Sample.stopped(), Sample.spinning(), Sample.blocked(), Sample.missing(), Sample.dead(),
                Sample.driver(), Sample.nobody(HangKind.TRACED), Sample.nobody(HangKind.SELF_STALLED), Sample.late());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldReadBackWhatWasWritten(Sample sample) throws IOException {
        Incident incident = WindowThinning.thin(sample.build());
        byte[] json = IncidentJson.write(incident);
        assertThat(IncidentReader.parse(json, "test").equals(incident)).isTrue();
        assertThat(Arrays.equals(IncidentJson.write(IncidentReader.parse(json, "test")), json)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldStaySmall(Sample sample) throws IOException {
        assertThat(IncidentJson.write(WindowThinning.thin(sample.build())).length).isLessThan(2_000_000);
    }

    @Test
    void shouldPutOneSnapshotOnALine() throws IOException {
        Incident incident = Sample.stopped().build();
        List<String> lines = new String(IncidentJson.write(incident), StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.stream().filter(line -> line.startsWith("{\"tick\":")).count())
                .isEqualTo(incident.window().size());
        assertThat(lines.getFirst()).startsWith("{\"schema\":1");
    }

    @Test
    void shouldSaveFactsAndNothingComputed() throws IOException {
        String json = new String(IncidentJson.write(Sample.stopped().build()), StandardCharsets.UTF_8);
        assertThat(json).doesNotContain("\"alive\"").doesNotContain("\"busy\"");
    }

    @Test
    void shouldIgnoreFieldsOfALaterMinorRelease() throws IOException {
        Incident incident = Sample.dead().build();
        String json = new String(IncidentJson.write(incident), StandardCharsets.UTF_8);
        String later = json.replaceFirst("\\{", "{\"fromTheFuture\":[1,{\"a\":2}],");
        assertThat(IncidentReader.parse(later.getBytes(StandardCharsets.UTF_8), "test")).isEqualTo(incident);
    }

    @Test
    void shouldRefuseAnotherSchema() throws IOException {
        String json = new String(IncidentJson.write(Sample.dead().build()), StandardCharsets.UTF_8);
        byte[] later = json.replaceFirst("\"schema\":1", "\"schema\":2").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> IncidentReader.parse(later, "x.json")).isInstanceOf(RollcallException.class)
                .hasMessageContaining("schema=2").hasMessageContaining("supported=1").hasMessageContaining("x.json");
    }

    @Test
    void shouldNameTheFieldThatIsMissing() throws IOException {
        String json = new String(IncidentJson.write(Sample.dead().build()), StandardCharsets.UTF_8);
        byte[] damaged = json.replaceFirst("\"method\":\"[a-z_]*\"", "\"method\":null")
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> IncidentReader.parse(damaged, "x")).isInstanceOf(RollcallException.class)
                .hasMessageContaining("method");
    }

    @Test
    void shouldSayWhereTheFileIsDamagedAndNothingOfTheParser() throws IOException {
        String json = new String(IncidentJson.write(Sample.dead().build()), StandardCharsets.UTF_8);
        assertThat(damage(json.substring(0, json.indexOf("\"tick\":") + 500)))
                .matches("incident damaged path=x line=\\d+ column=\\d+ error=ends too early");
        assertThat(damage("")).endsWith(" error=ends too early");
        assertThat(damage("{\"schema\":1,\n\"product\":}"))
                .startsWith("incident damaged path=x line=2 column=11 error=")
                .contains("'}'").doesNotContain("Source");
        assertThat(damage("{\"schema\":1,\n\"window\":[{]")).contains(" line=2 ")
                .contains("close marker ']': expected '}'")
                .doesNotContain("Source", "REDACTED", "[", "start marker");
        assertThat(damage(json.replaceFirst("\"verdictTick\":\\d+", "\"verdictTick\":\"soon\"")))
                .contains("line=").contains("soon").doesNotContain("Source");
    }

    private static String damage(String json) {
        return assertThatThrownBy(() -> IncidentReader.parse(json.getBytes(StandardCharsets.UTF_8), "x"))
                .isInstanceOf(RollcallException.class).actual().getMessage();
    }

    @Test
    void shouldRefuseWhatIsNoIncident() throws IOException {
        for (String text : List.of("", "null", "[]", "{}", "7", "\"x\"", "{\"schema\":1}", "[".repeat(100_000),
                "{\"a\":".repeat(50_000), "{\"schema\":1e99999999}", "{\"schema\":" + "9".repeat(1000) + "}")) {
            Path file = Files.writeString(folder.resolve("incident.json"), text);
            assertThatThrownBy(() -> IncidentReader.read(file)).isInstanceOf(RollcallException.class)
                    .hasMessageContaining(file.toString());
        }
        assertThatThrownBy(() -> IncidentReader.read(folder.resolve("none"))).isInstanceOf(RollcallException.class)
                .hasMessageContaining("none");
    }

    @Test
    void shouldSurviveMutatedFiles() throws IOException {
        Sample sample = Sample.dead();
        sample.workers = 2;
        sample.rank = 1;
        Incident whole = sample.build();
        Incident small = IncidentWriterTest.withWindow(whole, whole.window().subList(70, 72));
        byte[] json = IncidentJson.write(small);
        Random random = new Random(7);
        int refused = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = mutate(json, random);
            try {
                // What is accepted must also be safe to report on.
                Story story = new Story(IncidentReader.parse(mutant, "mutant"), 0);
                if (i % 25 == 0) {
                    HtmlReport.of(story, new Evidence());
                    TextReport.of(story, new Evidence());
                }
            } catch (RollcallException expected) {
                refused++;
            }
        }
        assertThat(refused).isBetween(MUTANTS / 4, MUTANTS);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }

    private static byte[] mutate(byte[] json, Random random) {
        byte[] mutant = json.clone();
        String tokens = "{}[]\",:0123456789-+.eEtfn\\u\u0000";
        switch (random.nextInt(5)) {
            case 0 -> mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            case 1 -> mutant[random.nextInt(mutant.length)] = (byte) tokens.charAt(random.nextInt(tokens.length()));
            case 2 -> mutant = Arrays.copyOf(mutant, random.nextInt(mutant.length));
            case 3 -> {
                String text = new String(json, StandardCharsets.UTF_8);
                String[] from = {"\"rank\":1", "true", "null", "\"S\"", "\"READY\"", ":0", "\"\"", "-2"};
                String[] to = {"-99", "null", "1e30", "\"\"", "{}", "[]", "\"\\u0000\"", "9223372036854775807"};
                String picked = from[random.nextInt(from.length)];
                int at = text.indexOf(picked, random.nextInt(text.length()));
                if (at >= 0) {
                    String replaced = picked.startsWith("\"rank\"") ? "\"rank\":" + random.nextInt(-3, 70)
                            : picked.startsWith(":") ? ":" + random.nextLong() : to[random.nextInt(to.length)];
                    text = text.substring(0, at) + replaced + text.substring(at + picked.length());
                }
                mutant = text.getBytes(StandardCharsets.UTF_8);
            }
            default -> {
                int from = random.nextInt(mutant.length);
                int length = Math.min(random.nextInt(64), mutant.length - from);
                int to = random.nextInt(mutant.length - length + 1);
                System.arraycopy(json, from, mutant, to, length);
            }
        }
        return mutant;
    }
}
