package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static dev.rollcall.watchdog.ModelGroup.TICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import org.junit.jupiter.api.Test;

/** Processes that pause as a whole, threads the kernel does not let go, and several faults at once. */
class DiagnoserPausesTest {
    private final ModelGroup group = new ModelGroup(8);

    private void pauseInCall(int rank) {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(rank);
        group.rank(rank).sleep("futex_do_wait");
        group.rank(rank).pulsing = false;
    }

    @Test
    void shouldNotActOnAGarbageCollectionOfTwoSeconds() {
        pauseInCall(3);
        group.ticks(40);
        assertThat(group.only().kind()).isEqualTo(HangKind.PAUSED_VM);
        group.rank(3).pulsing = true;
        group.allWaitExcept();
        group.end();
        group.ticks(10);

        assertThat(group.everFound).isNotEmpty()
                .allMatch(f -> f.kind() == HangKind.PAUSED_VM && f.rank() == 3 && f.tier() == Tier.SUSPECT);
        assertThat(group.diagnosis.findings()).isEmpty();
    }

    @Test
    void shouldActOnAPauseThatDoesNotEnd() {
        pauseInCall(3);

        long acted = group.untilAct(12 * SECOND);

        assertThat(acted).isBetween(9 * SECOND, 11 * SECOND);
        assertThat(group.only().kind()).isEqualTo(HangKind.PAUSED_VM);
        assertThat(group.only().rank()).isEqualTo(3);
        assertThat(group.only().victims()).isEqualTo(0b1111_0111);
    }

    @Test
    void shouldSeeAPauseOfAnIdleRankToo() {
        group.ticks(10);
        group.rank(6).pulsing = false;
        group.rank(6).looping = false;
        group.ticks(30);

        assertThat(group.only().kind()).isEqualTo(HangKind.PAUSED_VM);
        assertThat(group.only().rank()).isEqualTo(6);
    }

    @Test
    void shouldNeverActWhenAllRanksArePausedAlike() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 0);
        group.ranks.forEach(rank -> rank.pulsing = false);
        group.ticks(20 * 20);

        assertThat(group.only().kind()).isEqualTo(HangKind.PAUSED_VM);
        assertThat(group.only().rank()).isEqualTo(Verdict.NOBODY);
        assertThat(group.everFound).allMatch(f -> f.tier() == Tier.SUSPECT && f.rank() == Verdict.NOBODY);
    }

    @Test
    void shouldNeverActOnARankInAFrozenControlGroup() {
        pauseInCall(3);
        group.ticks(9);
        group.rank(3).frozen = true;
        group.ticks(20 * 20);

        assertThat(group.only().kind()).isEqualTo(HangKind.PAUSED_CGROUP);
        assertThat(group.only().rank()).isEqualTo(3);
        assertThat(group.everFound).allMatch(f -> f.kind() == HangKind.PAUSED_CGROUP && f.tier() == Tier.SUSPECT);

        group.rank(3).frozen = false;
        group.rank(3).pulsing = true;
        group.ticks(2);
        group.allWaitExcept();
        group.end();
        group.ticks(10);
        assertThat(group.diagnosis.findings()).isEmpty();
        assertThat(group.learned.table().limitFor(ModelGroup.METHOD, "decode", 0).suspectNanos()).isEqualTo(SECOND);
    }

    @Test
    void shouldBlameNobodyWhenAllAndTheDriverAreFrozen() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 0);
        group.ranks.forEach(rank -> {
            rank.pulsing = false;
            rank.frozen = true;
            rank.state = 'D';
        });
        group.driver.ticking = false;
        group.driver.frozen = true;
        group.ticks(20 * 20);

        assertThat(group.diagnosis.findings()).extracting(Finding::kind, Finding::rank).containsExactlyInAnyOrder(
                tuple(HangKind.PAUSED_CGROUP, Verdict.NOBODY), tuple(HangKind.PAUSED_CGROUP, Verdict.DRIVER));
        assertThat(group.everFound).allMatch(Finding::excuses);
    }

    @Test
    void shouldNotWaitForACollectionInAProcessThatDoesNothing() {
        pauseInCall(3);
        group.rank(3).awake = 0;

        long acted = group.untilAct(3 * SECOND);

        assertThat(acted).isBetween(SECOND, SECOND + 2 * TICK);
        assertThat(group.only().kind()).isEqualTo(HangKind.BLOCKED);
    }

    @Test
    void shouldWaitForACollectionThatIsAtWork() {
        pauseInCall(3);
        group.rank(3).awake = 2;
        group.ticks(20 * 5);

        assertThat(group.only().kind()).isEqualTo(HangKind.PAUSED_VM);
        assertThat(group.only().tier()).isEqualTo(Tier.SUSPECT);
    }

    @Test
    void shouldActAtTheLimitOnALoopThatComputesAndStopsAllOtherThreads() {
        pauseInCall(3);
        group.rank(3).spin();
        group.rank(3).awake = 0;

        long acted = group.untilAct(3 * SECOND);

        assertThat(acted).isBetween(SECOND, SECOND + 2 * TICK);
        assertThat(group.only().kind()).isEqualTo(HangKind.SPINNING);
    }

    @Test
    void shouldTellAWaitThatNoSignalEndsFromOneThatCanBeEnded() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).state = 'D';
        group.rank(5).wchan = "nfs_wait_bit_killable";
        long took = group.untilAct(2 * SECOND);

        assertThat(took).isBetween(SECOND, SECOND + 2 * TICK);
        assertThat(group.only().kind()).isEqualTo(HangKind.UNINTERRUPTIBLE);
        assertThat(group.only().reason()).contains("state D wchan=nfs_wait_bit_killable");
    }

    @Test
    void shouldNotTakeOneReadingOfAShortKernelWaitForMore() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).sleep("pipe_read");
        group.ticks(20);
        group.rank(5).state = 'D';
        group.until(() -> !group.diagnosis.findings().isEmpty(), SECOND);

        assertThat(group.only().kind()).isEqualTo(HangKind.BLOCKED);
    }

    @Test
    void shouldNameTwoFaultsOfDifferentKindsAtOnce() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(1, 6);
        group.rank(1).stop();
        group.rank(6).dead = true;
        group.until(() -> group.acts(HangKind.STOPPED, 1), SECOND);

        assertThat(group.acts(HangKind.DEAD, 6)).isTrue();
        assertThat(group.diagnosis.findings()).hasSize(2);
        assertThat(group.everFound).allMatch(f -> f.rank() == 1 || f.rank() == 6);
    }

    @Test
    void shouldNotCallTheLastByChanceAStraggler() {
        group.serve(METHOD, "decode", 40);
        for (int call = 0; call < 60; call++) {
            int last = call % 3;
            group.begin(METHOD, "decode", 60 * SECOND);
            group.allWaitExcept(last);
            group.ticks(3);
            group.allWaitExcept();
            group.end();
        }

        assertThat(group.everFound).isEmpty();
    }
}
