package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Verdict;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JudgeTest {
    /** What this command judges; errors that a rank reports itself are the matrix's. */
    static Stream<Fault> hangs() {
        return Arrays.stream(Fault.values()).filter(fault -> fault.expectedKind(false) != null);
    }

    @ParameterizedTest
    @MethodSource("hangs")
    void shouldPassWhenTheRightRankWasNamedInTime(Fault fault) {
        assertThat(Judge.faults(Outcomes.of(fault, 5).build())).isEmpty();
    }

    @Test
    void shouldPassWhenAHungDriverWasNamedWithinItsLongerTime() {
        Outcomes driver = Outcomes.of(Fault.STOP, Verdict.DRIVER);
        driver.detectMs = 5_100L;
        driver.failMs = 5_101L;

        assertThat(Judge.faults(driver.build())).isEmpty();

        Outcomes spins = Outcomes.of(Fault.DRIVER_SPIN, Verdict.DRIVER);
        spins.detectMs = 5_100L;
        spins.failMs = 5_101L;
        assertThat(Judge.faults(spins.build())).isEmpty();
    }

    @Test
    void shouldPassAHealthyRun() {
        assertThat(Judge.faults(Outcomes.healthy().build())).isEmpty();
    }

    @Test
    void shouldPassWhenARankHungFromOutsideWasFound() {
        Outcomes outside = Outcomes.healthy();
        outside.namedRank = 2;
        outside.kind = HangKind.STOPPED;
        outside.confirmed = true;
        outside.account = new RequestLedger.Account(600, 596, 4, 0);

        assertThat(Judge.faults(outside.build())).isEmpty();

        outside.account = new RequestLedger.Account(4, 0, 4, 0);
        assertThat(Judge.faults(outside.build())).as("during the first call").isEmpty();
        outside.confirmed = false;
        assertThat(Judge.faults(outside.build())).contains("no request completed");
    }

    @Test
    void shouldPassInObserveModeThoughNothingFailed() {
        Outcomes observed = Outcomes.of(Fault.STOP, 5);
        observed.options = Outcomes.options(Fault.STOP, 5, false);
        observed.failMs = null;
        observed.savedMs = null;
        observed.goneMs = null;
        observed.account = new RequestLedger.Account(600, 600, 0, 0);

        assertThat(Judge.faults(observed.build())).isEmpty();
    }

    @Test
    void shouldRefuseTheWrongRank() {
        assertThat(faults(o -> o.namedRank = 4)).containsExactly("named rank 4, rank 5 was at fault");
    }

    @Test
    void shouldTakeEitherOfTwoVictims() {
        Outcomes two = Outcomes.of(Fault.STOP_TWO, 5);
        two.namedRank = 7;
        assertThat(Judge.faults(two.build())).isEmpty();

        two.namedRank = Verdict.DRIVER;
        assertThat(Judge.faults(two.build())).containsExactly("named driver, rank 5 was at fault");
    }

    @Test
    void shouldRefuseTheWrongKind() {
        assertThat(faults(o -> o.kind = HangKind.BLOCKED)).containsExactly("named it BLOCKED, it was STOPPED");
    }

    @Test
    void shouldRefuseSilence() {
        assertThat(faults(o -> o.namedRank = null)).containsExactly("nobody was named, rank 5 was at fault");
    }

    @Test
    void shouldRefuseALateVerdict() {
        assertThat(faults(o -> {
            o.detectMs = 3_001L;
            o.failMs = 3_002L;
        })).containsExactly("named after 3001 ms, allowed 3000");
    }

    @Test
    void shouldMeasureASpinAgainstItsOwnLimit() {
        Outcomes spin = Outcomes.of(Fault.SPIN, 5);
        spin.limitMs = 2_100L;
        spin.detectMs = 3_050L;
        spin.failMs = 3_060L;
        assertThat(Judge.faults(spin.build())).isEmpty();

        spin.detectMs = 3_101L;
        spin.failMs = 3_110L;
        assertThat(Judge.faults(spin.build())).containsExactly("named after 3101 ms, allowed 3100");
    }

    @Test
    void shouldRefuseRequestsThatFailTooLate() {
        assertThat(faults(o -> o.failMs = 1_551L))
                .containsExactly("requests failed 1001 ms after the verdict, allowed 1000");
        assertThat(faults(o -> o.failMs = null)).containsExactly("the requests in flight were not failed");
    }

    @Test
    void shouldRefuseLostAndDoubledRequests() {
        assertThat(faults(o -> o.account = new RequestLedger.Account(601, 596, 4, 0)))
                .containsExactly("1 request never ended");
        assertThat(faults(o -> o.account = new RequestLedger.Account(600, 596, 4, 2)))
                .containsExactly("2 requests ended twice");
        assertThat(faults(o -> o.account = new RequestLedger.Account(4, 0, 4, 0)))
                .containsExactly("no request completed");
    }

    @Test
    void shouldRefuseFalseAlarmsAndLeftovers() {
        assertThat(faults(o -> o.falseAlarms = 1)).containsExactly("1 false alarm");
        assertThat(faults(o -> o.leftovers = 3)).containsExactly("3 processes or folders left behind");
    }

    @Test
    void shouldRefuseAGroupThatLeftNoEvidenceOrDidNotGo() {
        assertThat(faults(o -> o.savedMs = null)).containsExactly("no evidence was saved");
        assertThat(faults(o -> o.goneMs = null)).containsExactly("the group was not torn down");
        assertThat(faults(o -> o.trouble = "the driver ended")).containsExactly("the driver ended");
    }

    @Test
    void shouldRefuseAVerdictInAHealthyRun() {
        Outcomes healthy = Outcomes.healthy();
        healthy.namedRank = 3;
        healthy.kind = HangKind.SPINNING;
        healthy.falseAlarms = 1;

        assertThat(Judge.faults(healthy.build()))
                .containsExactly("named SPINNING though nothing was wrong", "1 false alarm");
    }

    @Test
    void shouldRefuseFailuresInAHealthyRun() {
        Outcomes healthy = Outcomes.healthy();
        healthy.account = new RequestLedger.Account(600, 599, 1, 0);

        assertThat(Judge.faults(healthy.build())).containsExactly("1 request failed in a healthy run");
    }

    private static Iterable<String> faults(Consumer<Outcomes> spoil) {
        Outcomes outcome = Outcomes.of(Fault.STOP, 5);
        spoil.accept(outcome);
        return Judge.faults(outcome.build());
    }
}
