package dev.rollcall.stress.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from saved runs to text, page and charts; nothing is run. */
class ResultsTest {
    private static final Case SPINNING = PlanTest.only("w1-spin");
    private static final Case BROADCAST = PlanTest.only("w2-64-x1-yield");
    private static final Case WIDER = PlanTest.only("w2-64-x4-yield");
    private static final List<Case> CASES = List.of(SPINNING, BROADCAST, WIDER);

    @TempDir
    private Path folder;
    private Saved saved;

    @BeforeEach
    void begin() {
        saved = new Saved(folder.resolve("run"));
        ObjectNode machine = JsonNodeFactory.instance.objectNode();
        saved.begin(machine.put("cpu", "a <fast> one").put("jdk", "25").put("scale", 1.0));
    }

    @Test
    void shouldPairRunsOfTheSameRound() {
        for (int round = 0; round < 15; round++) {
            latency(round, Case.PRODUCT, 100 * (round + 1L));
            latency(round, Plan.AERON, 200 * (round + 1L)); // drifts as the product does: each pair says 0.5
        }
        latency(15, Case.PRODUCT, 1);

        String row = row("aeron (spin)");
        assertThat(row).contains("15", "0.500 [0.500, 0.500]", "<= 1.00 x", "met");
        assertThat(text()).contains("bars: 1 met, 0 missed, 0 undecided", "a <fast> one", "sign test");
    }

    @Test
    void shouldSayMissedUndecidedAndAim() {
        for (int round = 0; round < 15; round++) {
            latency(round, Case.PRODUCT, 200);
            latency(round, Plan.AERON, 100);
            latency(round, Plan.AGRONA, round % 2 == 0 ? 100 : 300);
            latency(round, Plan.C, 200);
        }

        assertThat(row("aeron (spin)")).endsWith("missed");
        assertThat(row("agrona (spin)")).endsWith("undecided");
        assertThat(row("c (spin)")).contains("aim <= 1.50 x").endsWith("met");
        assertThat(text()).contains("bars: 0 met, 1 missed, 1 undecided; aims: 1 met, 0 missed, 0 undecided");
    }

    @Test
    void shouldNotCountARunThatLostAMessageOrFailed() {
        for (int round = 0; round < 8; round++) {
            rate(round, Case.PRODUCT, 3_000_000, 0);
            rate(round, Plan.AERON, 1_000_000, round == 3 ? 1 : 0);
        }
        saved.add(new RunLine(BROADCAST.id(), 0, Plan.C, 0.5, JsonNodeFactory.instance.missingNode(),
                "status=1 no <luck>"));

        assertThat(row("aeron (yield)")).contains("  7  ", "3.00 M/s", "1.00 M/s", "1 failed: aeron messages lost");
        assertThat(row("c (yield)")).contains("undecided, 1 failed: c status=1 no <luck>");
    }

    @Test
    void shouldWriteThePageAgainAsItWas() throws Exception {
        for (int round = 0; round < 15; round++) {
            latency(round, Case.PRODUCT, 200);
            latency(round, Plan.AERON, 100 + round);
            rate(round, Case.PRODUCT, 3_000_000, 0);
            rate(round, Plan.AERON, 1_000_000, 0);
        }
        Files.writeString(saved.folder().resolve("notes.md"), "It was the weather.");
        Files.writeString(saved.folder().resolve("reference.c"), "");
        Saved published = new Saved(folder.resolve("results"));
        saved.copyTo(published);
        Path page = folder.resolve("RESULTS.md");
        new Results(published, CASES).write(page);
        String first = Files.readString(page);
        new Results(published, CASES).write(page);

        assertThat(Files.readString(page)).isEqualTo(first)
                .contains("| aeron (spin) | p50 | 15 |", "It was the weather.", "Bars: 1 met, 1 missed",
                        "](results/latency-w1-spin.svg)");
        assertThat(published.folder().resolve("reference.c")).doesNotExist();
        Matcher images = Pattern.compile("]\\((results/[^)]*svg)\\)").matcher(first);
        while (images.find()) {
            assertThat(folder.resolve(images.group(1))).exists();
        }
    }

    @Test
    void shouldKeepTheNotesWhenNewRunsHaveNone() throws Exception {
        rate(0, Case.PRODUCT, 3_000_000, 0);
        Saved published = new Saved(Files.createDirectories(folder.resolve("results")));
        Files.writeString(published.folder().resolve("notes.md"), "It was the weather.");
        saved.copyTo(published);

        assertThat(published.notes()).isEqualTo("It was the weather.");
    }

    @Test
    void shouldSayWhatWasProven() throws Exception {
        Path proofs = Files.createDirectories(saved.folder().resolve("proofs"));
        Files.writeString(proofs.resolve("jcstress.json"),
                """
                        {"form": "full", "tests": 60, "twins": 2, "caught": 1, "configurations": 1200, "samples": 5000000,
                         "failed": ["a.Twin"], "seconds": 1700, "ended": "2026-01-02T03:04:05Z", "build": "abc", "cpu": "a <fast> one",
                         "cores": 2, "jdk": "25"}""");
        Files.writeString(proofs.resolve("models.json"), """
                {"models": [{"name": "RingModelTest", "held": 5, "broken": 9, "states": 22985},
                 {"name": "JoinModelTest", "held": 9, "broken": 10, "states": 1000}], "failed": [], "seconds": 2}""");
        Path soak = Files.writeString(folder.resolve("said.json"), """
                {"pass": true, "seed": 7, "seconds": 600.4, "workers": 8, "calls": 1000, "outcomes": {"COMPLETED": 990},
                 "faults": {"KILL": 3}, "verdicts": {"DEAD": 3}, "falseAlarms": 0, "latencyMs": {"p50": 1.25},
                 "problems": []}""");
        saved.proofs().takeSoak(soak);
        Saved published = new Saved(folder.resolve("results"));
        saved.copyTo(published);
        new Saved(saved.folder()).copyTo(published); // those of another command stay

        assertThat(published.proofs().markdown()).contains("## Proofs",
                "| jcstress | full set: 60 tests, 2 twins, in 1,200 forks | 5,000,000 samples, 1 twins caught | a.Twin | 1700 |",
                "a &lt;fast> one, 2 cores, 25", "23,985 states; held 14 times, broken variants found 19 | nothing |",
                "| RingModelTest | 5 | 9 | 22,985 |", "| kill-steps | not saved yet |",
                "| soak | 8 workers, seed 7, 3 KILL | 1,000 calls: 990 COMPLETED; verdicts: 3 DEAD; 0 false alarms; ms: p50 1.3 |"
                        + " nothing | 600 |");
        assertThat(new Proofs(folder).markdown()).isEmpty();
        assertThatThrownBy(() -> saved.proofs().takeSoak(proofs.resolve("models.json")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("rollcall soak --json");
    }

    @Test
    void shouldDrawChartsThatStandAlone() throws Exception {
        for (int round = 0; round < 6; round++) {
            for (String peer : List.of(Case.PRODUCT, Plan.C, Plan.AERON)) {
                latency(round, peer, 100 + round);
                rate(round, peer, 1_000_000, 0);
                rate(WIDER, round, peer, 500_000, 0);
            }
        }
        Path charts = folder.resolve("charts");
        assertThat(new Charts(saved).write(charts, CASES)).hasSize(2);

        try (Stream<Path> files = Files.list(charts)) {
            for (Path file : files.toList()) {
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
                assertThat(Files.readString(file)).contains("<polyline", "rollcall (").doesNotContain("NaN", "Infinity",
                        "href");
            }
        }
    }

    /** The page in the repository is what its runs say, and not typed by hand. */
    @Test
    void shouldBeThePageInTheRepository() throws Exception {
        Path page = Path.of("RESULTS.md").toAbsolutePath();
        Saved published = new Saved(page.resolveSibling("results"));
        if (!published.isBegun()) {
            assertThat(page).doesNotExist();
            return;
        }
        Saved copy = new Saved(folder.resolve("results"));
        published.copyTo(copy);
        Path again = folder.resolve("RESULTS.md");
        new Results(copy, Plan.cases()).write(again);
        assertThat(Files.readString(again)).as("run ./rollcall bench compare --report")
                .isEqualTo(Files.readString(page));
    }

    private String text() {
        return new Results(saved, CASES).text();
    }

    private String row(String peer) {
        return text().lines().filter(line -> line.contains(peer)).findFirst().orElseThrow();
    }

    private void latency(int round, String peer, long nanos) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("p50_ns", nanos).put("errors", 0);
        result.set("counts", JsonNodeFactory.instance.arrayNode().add(2 * nanos).add(99).add(10 * nanos).add(1));
        saved.histograms().take(SPINNING.id(), peer, result);
        assertThat(result.has("counts")).isFalse();
        saved.add(new RunLine(SPINNING.id(), round, peer, 0.5, result, ""));
    }

    private void rate(int round, String peer, long rate, long errors) {
        rate(BROADCAST, round, peer, rate, errors);
    }

    private void rate(Case work, int round, String peer, long rate, long errors) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("msgs_s", rate).put("errors", errors);
        saved.add(new RunLine(work.id(), round, peer, 0.5, result, ""));
    }
}
