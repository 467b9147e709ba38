package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.tools.console.Style;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The judge of the matrix must be able to say no. */
class MatrixRowTest {
    private static Outcomes good(MatrixCase what) {
        SimOptions options = what.options(8, Duration.ofSeconds(1), Path.of("incidents"));
        Outcomes good = what.isFault() ? Outcomes.of(what.fault(), options.rank()) : Outcomes.healthy();
        good.options = options;
        if (what.fault().reportedError() != null) {
            good.namedRank = null;
            good.detectMs = 30L;
            good.failMs = null;
            good.more = new Outcome.More(new Watch.Reported(5, what.fault().reportedError(), 1), null, Set.of(), 0,
                    null, true);
        } else if (good.kind == HangKind.DEAD || good.kind == HangKind.COLLECTIVE_MISMATCH) {
            good.limitMs = null;
            good.detectMs = 120L;
            good.failMs = 130L;
        } else if (good.kind == HangKind.DRIVER_HUNG) {
            good.limitMs = 5_000L;
            good.detectMs = 5_030L;
            good.failMs = 5_031L;
        }
        return good;
    }

    private static List<String> wrong(MatrixCase what, Consumer<Outcomes> spoil) {
        Outcomes outcome = good(what);
        spoil.accept(outcome);
        return new MatrixRow(what, List.of(outcome.build()), null).wrong();
    }

    @Test
    void shouldPassEveryCaseThatWentWell() {
        for (MatrixCase what : MatrixCase.values()) {
            assertThat(wrong(what, good -> {
            })).as(what.words()).isEmpty();
        }
    }

    @Test
    void shouldRefuseTheWrongRankTheWrongKindAndSilence() {
        assertThat(wrong(MatrixCase.STOP, o -> o.namedRank = 4))
                .containsExactly("named rank 4 STOPPED, it was rank 5 STOPPED");
        assertThat(wrong(MatrixCase.SPIN, o -> o.kind = HangKind.BLOCKED))
                .containsExactly("named rank 5 BLOCKED, it was rank 5 SPINNING");
        assertThat(wrong(MatrixCase.DRIVER_STOP, o -> o.namedRank = null))
                .containsExactly("named nobody, it was driver DRIVER_HUNG");
    }

    @Test
    void shouldTakeEitherOfTwoButWantBothInTheIncident() {
        assertThat(wrong(MatrixCase.STOP_TWO, o -> o.namedRank = 7)).isEmpty();
        assertThat(wrong(MatrixCase.STOP_TWO, o -> o.more = new Outcome.More(null, null, Set.of(), 0, null, false)))
                .containsExactly("the second victim is not in the incident");
    }

    @Test
    void shouldRefuseALateVerdict() {
        assertThat(wrong(MatrixCase.STOP, o -> o.detectMs = 801L)).containsExactly("named after 801 ms, allowed 800");
        assertThat(wrong(MatrixCase.CRASH, o -> o.detectMs = 301L)).containsExactly("named after 301 ms, allowed 300");
        assertThat(wrong(MatrixCase.SPIN, o -> o.detectMs = 1_301L))
                .containsExactly("named after 1301 ms, allowed 1300");
        assertThat(wrong(MatrixCase.HOGS_SPIN, o -> o.detectMs = 2_900L)).isEmpty();
        assertThat(wrong(MatrixCase.HOGS_SPIN, o -> o.detectMs = 3_001L))
                .containsExactly("named after 3001 ms, allowed 3000");
    }

    @Test
    void shouldRefuseVerdictsThatComeLateHalfOfTheTime() {
        assertThat(row(1_050L, 1_110L, 1_120L).wrong())
                .containsExactly("half of the verdicts came more than 110 ms after the limit, allowed 100");
        assertThat(row(1_050L, 1_060L, 1_290L).wrong()).isEmpty();
    }

    @Test
    void shouldRefuseCallsThatFailLateAndEvidenceThatComesLateHalfOfTheTime() {
        assertThat(spins(60, 1_990, 51, 400, 52, 400).wrong())
                .containsExactly("half of the calls failed more than 52 ms after the verdict, allowed 50");
        assertThat(spins(10, 2_001, 20, 2_002, 30, 400).wrong())
                .containsExactly(
                        "half of the incidents were complete more than 2001 ms after the verdict, allowed 2000");
        assertThat(spins(170, 2_100, 20, 400, 30, 400).wrong()).isEmpty();
    }

    /** Of each run: calls failed and evidence saved, so long after the verdict. */
    private static MatrixRow spins(long... failedAndSaved) {
        List<Outcome> runs = new ArrayList<>();
        for (int i = 0; i < failedAndSaved.length; i += 2) {
            Outcomes run = good(MatrixCase.SPIN);
            run.detectMs = 1_050L;
            run.failMs = 1_050L + failedAndSaved[i];
            run.savedMs = 1_050L + failedAndSaved[i + 1];
            runs.add(run.build());
        }
        return new MatrixRow(MatrixCase.SPIN, runs, null);
    }

    private static MatrixRow row(Long... detects) {
        List<Outcome> runs = new ArrayList<>();
        for (Long detect : detects) {
            Outcomes run = good(MatrixCase.SPIN);
            run.detectMs = detect;
            runs.add(run.build());
        }
        return new MatrixRow(MatrixCase.SPIN, runs, null);
    }

    @Test
    void shouldRefuseAnErrorThatWasNotReported() {
        assertThat(wrong(MatrixCase.OVERFLOW, o -> o.more = Outcome.More.NONE))
                .containsExactly("not reported: StackOverflowError of rank 5");
    }

    @Test
    void shouldRefuseAnActWhereNothingWasWrongAndCountSuspicions() {
        assertThat(wrong(MatrixCase.FINE_HOGS, o -> {
            o.namedRank = 2;
            o.kind = HangKind.BLOCKED;
        })).containsExactly("acted on rank 2 BLOCKED");
        Outcomes suspected = good(MatrixCase.FINE_DRIVER);
        suspected.more = new Outcome.More(null, null, Set.of("DRIVER_HUNG driver"), 1, null, true);
        MatrixRow row = new MatrixRow(MatrixCase.FINE_DRIVER, List.of(suspected.build()), null);

        assertThat(row.isOk()).isTrue();
        assertThat(row.falseSuspects()).isEqualTo(1);
        assertThat(row.falseActs()).isZero();
        assertThat(row.toJson()).containsEntry("falseSuspects", 1).containsEntry("ok", true);
    }

    @Test
    void shouldShowEveryRowInTheSameColumns() {
        MatrixTable table = new MatrixTable(new Style(false));
        List<MatrixRow> rows = Arrays.stream(MatrixCase.values())
                .map(what -> new MatrixRow(what, List.of(good(what).build()), null)).toList();

        int width = table.head().getLast().indexOf("named");
        for (MatrixRow row : rows) {
            String line = table.row(row).getFirst();
            assertThat(line).as(line).startsWith(row.what().words()).contains(" ok");
            assertThat(line.charAt(width - 1)).isEqualTo(' ');
        }
        assertThat(table.row(new MatrixRow(MatrixCase.FINE_GDB, List.of(), "no gdb")).getFirst())
                .endsWith("not run: no gdb");
        assertThat(table.sum(rows)).startsWith("PASS  29 faults, 14 that are none, 0 wrong");
        MatrixRow fine = new MatrixRow(MatrixCase.FINE_HOGS, List.of(good(MatrixCase.FINE_HOGS).build()), null);
        assertThat(table.sum(List.of(rows.getFirst(), fine))).startsWith("PASS  1 fault, 1 that is none, 0 wrong");
    }
}
