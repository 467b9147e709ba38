package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.tools.console.Style;
import dev.rollcall.tools.hangsim.Report.RankWord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
    private final Report report = new Report(Style.PLAIN);

    @Test
    void shouldDrawTheWholeTimeline() {
        Verdict verdict = new Verdict(1, Tier.ACT, HangKind.STOPPED, 5, 151, 0.99, 0b11011111,
                "state T twice; started call 151, all-reduce 297 of 298", "");
        List<String> lines = new ArrayList<>();
        lines.add(report.ready("7f3a", 8, 700_000_000L, 4242));
        lines.add(report.pids(4100, List.of(4101, 4102)));
        lines.add(report.healthy(3_000_000_000L, 20.1, 402.2, 596));
        lines.add(report.event(0, "INJECT", "SIGSTOP rank 5 (watchdog not told)"));
        lines.addAll(report.ranks(eightRanks(), "all-reduce #298: 7 entered, 1 missing"));
        lines.add(report.event(550_000_000L, "VERDICT", "rank 5 STOPPED  confidence 0.99"));
        lines.addAll(report.detail(verdict, 8, 4_000_000L));
        lines.add(report.event(560_000_000L, "FAILED", Report.failed(4, 4, 2)));
        lines.addAll(report.comparison(560_000_000L));
        lines.add(report.account(Outcomes.of(Fault.STOP, 5).build()));
        lines.addAll(report.judgement(List.of(), "report: i/report.html  next: ./rollcall hangsim --help"));

        assertThat(String.join("\n", lines)).isEqualTo("""
                group 7f3a: 8 workers ready in 700 ms, watchdog pid 4242
                pids  driver 4100, ranks 4101 4102
                healthy 3.0 s: step p50 20 ms p99 402 ms, 596 requests ok
                +0.00 s  INJECT   SIGSTOP rank 5 (watchdog not told)
                 rank    0    1    2    3    4    5    6    7
                      wait wait wait wait wait STOP wait wait     all-reduce #298: 7 entered, 1 missing
                +0.55 s  VERDICT  rank 5 STOPPED  confidence 0.99
                         why      state T twice; started call 151, all-reduce 297 of 298
                         victims  0-4, 6, 7       watchdog's worst stall since its start 4 ms
                +0.56 s  FAILED   4 of 4 requests in flight (2 calls)
                rollcall    #                            0.56 s
                300 s rule  ############################ 300 s, no rank   (documented default of others, not measured)
                requests: 596 completed, 4 failed, 0 lost, 0 doubled; 0 false alarms
                PASS  report: i/report.html  next: ./rollcall hangsim --help""");
    }

    @Test
    void shouldSayWhetherItCountsRequestsOrCalls() {
        assertThat(Report.failed(6, 8, 1)).isEqualTo("6 of 8 requests in flight (1 call)");
        assertThat(Report.failed(2, 2, 0)).isEqualTo("2 of 2 requests in flight");
        assertThat(Report.failed(1, 1, 2)).isEqualTo("1 of 1 request in flight (2 calls)");
    }

    @Test
    void shouldGiveEachFaultALine() {
        assertThat(report.judgement(List.of("late", "lost"), "x")).containsExactly("FAIL  late", "FAIL  lost");
    }

    @Test
    void shouldBreakLargeGroupsIntoRows() {
        List<String> lines = report.ranks(Collections.nCopies(20, new RankWord("wait", false)), "note");

        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).doesNotContain("note");
        assertThat(lines.get(2)).startsWith(" rank   16");
        assertThat(lines.get(3)).endsWith("note");
    }

    @Test
    void shouldGrowTheBarWithTheTimeItTook() {
        assertThat(report.comparison(150_000_000_000L).getFirst()).contains(" " + "#".repeat(14) + " ");
        assertThat(report.comparison(900_000_000_000L).getFirst()).contains(" " + "#".repeat(28) + " ");
    }

    @Test
    void shouldMarkWhatStandsOutOnlyInColour() {
        List<RankWord> words = List.of(new RankWord("STOP", true));

        assertThat(new Report(new Style(true)).ranks(words, "").get(1)).contains("\u001b[1;31m STOP\u001b[0m");
        assertThat(report.ranks(words, "").get(1)).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | none", "1 | 0", "3 | 0, 1", "7 | 0-2", "223 | 0-4, 6, 7", "255 | 0-7",
            "160 | 5, 7"})
    void shouldJoinNeighbours(long mask, String text) {
        assertThat(Report.victims(mask, 8)).isEqualTo(text);
    }

    private static List<RankWord> eightRanks() {
        List<RankWord> words = new ArrayList<>(Collections.nCopies(8, new RankWord("wait", false)));
        words.set(5, new RankWord("STOP", true));
        return words;
    }
}
