package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.MILLI;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static dev.rollcall.watchdog.ModelGroup.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.SectionStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import org.junit.jupiter.api.Test;

/** Whom it names, for what, and when. */
class DiagnoserTest {
    private final ModelGroup group = new ModelGroup(8);

    @Test
    void shouldNameTheDeadRankAtOnce() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(7);
        group.rank(7).dead = true;

        group.tick();

        assertThat(group.only().kind()).isEqualTo(HangKind.DEAD);
        assertThat(group.only().rank()).isEqualTo(7);
        assertThat(group.only().tier()).isEqualTo(Tier.ACT);
        assertThat(group.only().victims()).isEqualTo(0b0111_1111);
    }

    @Test
    void shouldBlameTheDriverAloneWhenItsWorkersFollowItIntoDeath() {
        group.ticks(4);
        group.driver.dead = true;
        group.ranks.forEach(rank -> rank.dead = true);

        group.tick();

        assertThat(group.only().kind()).isEqualTo(HangKind.DEAD);
        assertThat(group.only().rank()).isEqualTo(Verdict.DRIVER);
    }

    @Test
    void shouldNameTheStoppedRankAfterHalfASecond() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).stop();

        long took = group.untilAct(SECOND);

        assertThat(took).isBetween(500 * MILLI, 600 * MILLI);
        assertThat(group.only().kind()).isEqualTo(HangKind.STOPPED);
        assertThat(group.only().rank()).isEqualTo(5);
        assertThat(group.only().confidence()).isGreaterThan(0.95);
        assertThat(group.only().victims()).isEqualTo(0b1101_1111);
        assertThat(group.only().reason()).contains("state T").contains("started call " + group.rank(5).started)
                .contains("all-reduce " + group.rank(5).entered + " of " + group.rank(4).entered);
    }

    @Test
    void shouldNameTheStoppedRankOfAnIdleGroupByTheTickItOwes() {
        group.ticks(10);
        group.rank(2).stop();

        assertThat(group.untilAct(SECOND)).isLessThanOrEqualTo(700 * MILLI);
        assertThat(group.only().kind()).isEqualTo(HangKind.STOPPED);
        assertThat(group.only().rank()).isEqualTo(2);
    }

    @Test
    void shouldStillNameTheStoppedRankWhileTheWatchdogIsLate() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).stop();
        for (int i = 0; i < 12; i++) {
            group.tick(400 * MILLI);
        }

        assertThat(group.acts(HangKind.STOPPED, 5)).isTrue();
    }

    @Test
    void shouldNameTheRankThatSpinsOutsideTheCollectiveAtItsLimit() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).spin();

        long took = group.untilAct(2 * SECOND);

        Finding found = group.only();
        assertThat(found.kind()).isEqualTo(HangKind.SPINNING);
        assertThat(found.rank()).isEqualTo(5);
        assertThat(found.limitNanos()).isEqualTo(SECOND);
        assertThat(took - found.limitNanos()).isBetween(0L, 2 * TICK);
        assertThat(found.victims()).isEqualTo(0b1101_1111);
        assertThat(found.reason()).contains("state R").contains("cpu=9").contains("limit=1.00 s");
    }

    @Test
    void shouldNameTheRankThatHangsAfterASlowStepThatAllShared() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.ranks.forEach(ModelGroup.Rank::spin);
        group.ticks(24);
        group.allWaitExcept(5);

        assertThat(group.untilAct(SECOND)).isBetween(200 * MILLI, 500 * MILLI);
        assertThat(group.only().kind()).isEqualTo(HangKind.SPINNING);
        assertThat(group.only().rank()).isEqualTo(5);
    }

    @Test
    void shouldNameTheRankThatSleepsOutsideTheCollectiveWithWhereItSleeps() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(0);
        group.rank(0).sleep("hrtimer_nanosleep");

        group.untilAct(2 * SECOND);

        assertThat(group.only().kind()).isEqualTo(HangKind.BLOCKED);
        assertThat(group.only().rank()).isZero();
        assertThat(group.only().reason()).contains("wchan=hrtimer_nanosleep");
    }

    @Test
    void shouldNameTheRankThatLeftTheCallWithoutItsCollective() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(6);
        group.rank(6).finished = group.rank(6).started;

        long took = group.untilAct(2 * SECOND);

        assertThat(group.only().kind()).isEqualTo(HangKind.MISSING_FROM_COLLECTIVE);
        assertThat(group.only().rank()).isEqualTo(6);
        assertThat(group.only().callId()).isEqualTo(group.rank(0).started);
        assertThat(took).isBetween(SECOND, SECOND + 2 * TICK);
    }

    @Test
    void shouldNameTheRankThatSkippedACollectiveAndWaitsInTheNextCall() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(6);
        ModelGroup.Rank skipper = group.rank(6);
        skipper.finished = skipper.started;
        skipper.started++;
        skipper.received++;
        skipper.entered = group.rank(0).entered + 1;

        group.untilAct(2 * SECOND);

        assertThat(group.only().kind()).isEqualTo(HangKind.MISSING_FROM_COLLECTIVE);
        assertThat(group.only().rank()).isEqualTo(6);
        assertThat(group.only().victims()).isEqualTo(0b1011_1111);
    }

    @Test
    void shouldNameTheRankStuckInsideACollectiveThatAllOthersCompleted() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept();
        for (ModelGroup.Rank rank : group.ranks) {
            if (rank.index != 1) {
                rank.completed = rank.entered;
                rank.finished = rank.started;
            }
        }

        group.untilAct(2 * SECOND);

        assertThat(group.only().kind()).isEqualTo(HangKind.BLOCKED);
        assertThat(group.only().rank()).isEqualTo(1);
        assertThat(group.only().reason()).contains("that others have completed");
        assertThat(group.only().victims()).isZero();
    }

    @Test
    void shouldCallAWaitInTheKernelWhatItIsEvenOutsideTheCall() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(6);
        group.rank(6).finished = group.rank(6).started;
        group.rank(6).state = 'D';

        group.untilAct(2 * SECOND);

        assertThat(group.only().kind()).isEqualTo(HangKind.UNINTERRUPTIBLE);
        assertThat(group.only().reason()).contains("state D");
    }

    @Test
    void shouldSayWhatItCouldNotReadAndTrustItLess() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).readable = false;

        group.untilAct(2 * SECOND);

        assertThat(group.only().rank()).isEqualTo(5);
        assertThat(group.only().reason()).contains("not readable");
        assertThat(group.only().confidence()).isLessThan(0.7);
    }

    @Test
    void shouldBlameBothOfTwoAndTrustEachLess() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(2, 5);
        group.rank(5).spin();

        group.untilAct(2 * SECOND);

        assertThat(group.diagnosis.findings()).hasSize(2).allMatch(f -> f.confidence() < 0.5);
        assertThat(group.acts(HangKind.SPINNING, 5)).isTrue();
        assertThat(group.acts(HangKind.BLOCKED, 2)).isTrue();
    }

    @Test
    void shouldNotTellWhoWhenAllWaitAlike() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 0);
        group.ranks.forEach(rank -> rank.sleep("hrtimer_nanosleep"));

        group.ticks(299 * 20);
        assertThat(group.everFound).isEmpty();
        group.untilAct(2 * SECOND);

        assertThat(group.only().rank()).isEqualTo(Verdict.NOBODY);
        assertThat(group.only().reason()).startsWith("cannot tell");
        assertThat(group.only().confidence()).isLessThan(0.5);
    }

    @Test
    void shouldTakeTheCallsDeadlineAsCeiling() {
        group.begin(METHOD, "never seen", 3 * SECOND);
        group.allWaitExcept(4);
        group.rank(4).spin();

        assertThat(group.untilAct(4 * SECOND)).isBetween(3 * SECOND, 3 * SECOND + 2 * TICK);
        assertThat(group.only().rank()).isEqualTo(4);
    }

    @Test
    void shouldSuspectEarlyAndActLateInAnUndeclaredClassItHardlyKnows() {
        for (int i = 0; i < 10; i++) {
            group.serve("sample", "", 0);
        }
        group.begin("sample", "", 0);
        group.allWaitExcept(3);
        group.rank(3).spin();

        group.until(() -> !group.diagnosis.suspects().isEmpty(), 2 * SECOND);
        assertThat(group.only().rank()).isEqualTo(3);
        assertThat(group.only().tier()).isEqualTo(Tier.SUSPECT);
        assertThat(group.untilAct(40 * SECOND)).isGreaterThan(28 * SECOND);
    }

    @Test
    void shouldNotActOnAStallOfTwentySecondsInAnUndeclaredClassAfterTwoThousandCalls() {
        for (int i = 0; i < 2_000; i++) {
            group.serve("sample", "", 0);
        }
        group.begin("sample", "", 0);
        group.allWaitExcept(3);
        group.rank(3).sleep("hrtimer_nanosleep");
        group.ticks(20 * 20);

        assertThat(group.everFound).isNotEmpty().allMatch(f -> f.tier() == Tier.SUSPECT && f.rank() == 3);
    }

    @Test
    void shouldActAtTheLimitInAnUndeclaredClassItKnowsWell() {
        for (int i = 0; i < 10_010; i++) {
            group.serve("sample", "", 0);
        }
        group.begin("sample", "", 0);
        group.allWaitExcept(3);
        group.rank(3).spin();

        assertThat(group.untilAct(2 * SECOND)).isLessThan(1200 * MILLI);
    }

    @Test
    void shouldHoldASectionToItsOwnBound() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 0);
        group.allWaitExcept(5);
        group.rank(5).spin();
        group.rank(5).section = new SectionStatus(9, "capture", 20 * SECOND);

        group.ticks(19 * 20);
        assertThat(group.everFound).isEmpty();
        group.untilAct(3 * SECOND);

        assertThat(group.only().rank()).isEqualTo(5);
        assertThat(group.only().limitNanos()).isEqualTo(20 * SECOND);
        assertThat(group.only().reason()).contains("section capture");
    }

    @Test
    void shouldSuspectASingleRankAtItsLimitAndActLate() {
        ModelGroup single = new ModelGroup(1);
        for (int i = 0; i < 60; i++) {
            single.serve(METHOD, "decode", 0);
        }
        single.begin(METHOD, "decode", 60 * SECOND);
        single.rank(0).spin();

        single.until(() -> !single.diagnosis.suspects().isEmpty(), 2 * SECOND);
        assertThat(single.untilAct(70 * SECOND)).isGreaterThan(50 * SECOND);
    }

    @Test
    void shouldSuspectTheSilentDriverAfterOneSecondAndActAfterFive() {
        group.ticks(10);
        group.driver.ticking = false;

        long suspected = group.until(() -> !group.diagnosis.suspects().isEmpty(), 2 * SECOND);
        assertThat(suspected).isBetween(SECOND, SECOND + 2 * TICK);
        assertThat(group.only().kind()).isEqualTo(HangKind.DRIVER_HUNG);
        long acted = group.untilAct(5 * SECOND);

        assertThat(suspected + acted).isBetween(5 * SECOND, 5 * SECOND + 3 * TICK);
        assertThat(group.only().rank()).isEqualTo(Verdict.DRIVER);
    }

    @Test
    void shouldNameTheDriverThatHangsAfterTheGroupHasFailed() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.driver.phase = Phase.FAILED;
        group.ticks(40);
        assertThat(group.everFound).isEmpty();
        group.driver.ticking = false;

        assertThat(group.untilAct(6 * SECOND)).isBetween(5 * SECOND, 5 * SECOND + 3 * TICK);
        assertThat(group.only().kind()).isEqualTo(HangKind.DRIVER_HUNG);
        assertThat(group.only().rank()).isEqualTo(Verdict.DRIVER);
    }

    @Test
    void shouldNameTheStoppedDriverEvenWhileTheWatchdogIsLate() {
        group.ticks(10);
        group.driver.ticking = false;
        group.driver.state = 'T';
        for (int i = 0; i < 60; i++) {
            group.tick(300 * MILLI);
        }

        assertThat(group.acts(HangKind.DRIVER_HUNG, Verdict.DRIVER)).isTrue();
    }

    @Test
    void shouldBlameWhoWasDeadWhenTheGroupFailedAndNobodyElse() {
        group.serveMixedLoad();
        group.driver.phase = Phase.FAILED;
        group.rank(1).dead = true;
        group.tick();
        group.rank(2).stop();
        group.rank(3).dead = true;
        group.ticks(40);

        assertThat(group.everFound).isNotEmpty().allMatch(f -> f.kind() == HangKind.DEAD && f.rank() == 1);
    }

    @Test
    void shouldScaleFixedTimesWithTheFloor() {
        ModelGroup fast = new ModelGroup(4, 200 * MILLI);
        fast.serveMixedLoad();
        fast.begin(METHOD, "decode", 60 * SECOND);
        fast.allWaitExcept(1);
        fast.rank(1).stop();
        assertThat(fast.untilAct(SECOND)).isLessThanOrEqualTo(200 * MILLI);

        ModelGroup spinning = new ModelGroup(4, 200 * MILLI);
        spinning.serveMixedLoad();
        spinning.begin(METHOD, "decode", 60 * SECOND);
        spinning.allWaitExcept(1);
        spinning.rank(1).spin();
        assertThat(spinning.untilAct(SECOND)).isLessThanOrEqualTo(300 * MILLI);
        assertThat(spinning.only().limitNanos()).isEqualTo(200 * MILLI);
    }

    @Test
    void shouldAskForDetailBeforeItSpeaks() {
        group.serveMixedLoad();
        assertThat(group.tick().wantsDetail()).isFalse();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.ticks(5);
        assertThat(group.diagnosis.wantsDetail()).isFalse();
        group.ticks(7);

        assertThat(group.diagnosis.findings()).isEmpty();
        assertThat(group.diagnosis.wantsDetail()).isTrue();
    }

    @Test
    void shouldReachTheSameVerdictFromTheSameWindow() {
        group.serveMixedLoad();
        group.begin(METHOD, "prefill", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).spin();
        group.untilAct(4 * SECOND);

        Diagnosis again = new Diagnoser().diagnose(group.history.window(), group.learned.table());

        assertThat(again).isEqualTo(group.diagnosis);
    }
}
