package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static dev.rollcall.watchdog.ModelGroup.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Collectives that cannot complete: nobody agrees, or nothing moves; and those that will. */
class DiagnoserCollectivesTest {
    private final ModelGroup group = new ModelGroup(8);

    private void allInside() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 7})
    void shouldNameTheRankThatDisagreesByMajorityWhereverItIs(int odd) {
        allInside();
        group.rank(odd).count = 512;
        group.tick();
        assertThat(group.diagnosis.findings()).isEmpty();
        group.tick();

        assertThat(group.only().kind()).isEqualTo(HangKind.COLLECTIVE_MISMATCH);
        assertThat(group.only().tier()).isEqualTo(Tier.ACT);
        assertThat(group.only().rank()).isEqualTo(odd);
        assertThat(group.only().victims()).isEqualTo(0xffL & ~(1L << odd));
        assertThat(group.only().reason()).contains("all_reduce[512 bf16], 7 others all_reduce[1024 bf16]");
    }

    @Test
    void shouldNameAllWhoDisagreeAndTrustEachLess() {
        allInside();
        group.rank(2).op = "all_gather";
        group.rank(6).dtype = "fp32";
        group.ticks(2);

        assertThat(group.diagnosis.findings()).extracting(Finding::rank).containsExactlyInAnyOrder(2, 6);
        assertThat(group.diagnosis.findings()).allMatch(f -> f.confidence() < 0.5);
    }

    @Test
    void shouldFailTheCallOfTwoRanksThatDisagreeAndBlameNeither() {
        ModelGroup two = new ModelGroup(2);
        two.serveMixedLoad();
        two.begin(METHOD, "decode", 60 * SECOND);
        two.allWaitExcept();
        two.rank(1).op = "all_gather";
        two.ticks(2);

        assertThat(two.only().kind()).isEqualTo(HangKind.COLLECTIVE_MISMATCH);
        assertThat(two.only().tier()).isEqualTo(Tier.ACT);
        assertThat(two.only().rank()).isEqualTo(Verdict.NOBODY);
        assertThat(two.only().reason()).contains("cannot tell", "by rank 0", "by rank 1");
    }

    @Test
    void shouldSeeAMismatchEvenWhileTheWatchdogIsLate() {
        allInside();
        group.rank(4).count = 1;
        group.tick(SECOND);
        group.tick(SECOND);

        assertThat(group.acts(HangKind.COLLECTIVE_MISMATCH, 4)).isTrue();
    }

    @Test
    void shouldTakeNeitherTornRecordsNorOtherSequencesForAMismatch() {
        allInside();
        group.rank(1).op = "";
        group.rank(1).count = 0;
        group.rank(5).entered--;
        group.rank(5).completed--;
        group.rank(5).count = 7;
        group.ticks(10);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldSuspectADeviceWhenAllAreInOneCollectiveAndBlameNobody() {
        allInside();

        long suspected = group.until(() -> !group.diagnosis.findings().isEmpty(), 3 * SECOND);
        assertThat(suspected).isBetween(SECOND, SECOND + 2 * TICK);
        assertThat(group.only().kind()).isEqualTo(HangKind.COLLECTIVE_STUCK);
        assertThat(group.only().tier()).isEqualTo(Tier.SUSPECT);
        assertThat(group.only().rank()).isEqualTo(Verdict.NOBODY);
        long acted = suspected + group.untilAct(61 * SECOND);

        assertThat(acted).as("at the call's deadline").isBetween(59 * SECOND, 61 * SECOND);
        assertThat(group.only().kind()).isEqualTo(HangKind.COLLECTIVE_STUCK);
    }

    @Test
    void shouldTakeItBackWhenTheCollectiveCompletes() {
        allInside();
        group.ticks(40);
        group.end();
        group.ticks(10);

        assertThat(group.diagnosis.findings()).isEmpty();
        assertThat(group.everFound).allMatch(f -> f.tier() == Tier.SUSPECT);
    }

    @Test
    void shouldNotSuspectADeviceAtTheEndOfALongCall() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.ranks.forEach(ModelGroup.Rank::spin);
        group.ticks(60);
        group.allWaitExcept();
        group.ticks(4);
        group.end();
        group.tick();

        assertThat(group.everFound).isEmpty();
    }
}
