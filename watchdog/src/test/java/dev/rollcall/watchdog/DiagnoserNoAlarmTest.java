package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom it does not name, and whom it excuses. */
class DiagnoserNoAlarmTest {
    private final ModelGroup group = new ModelGroup(8);

    @Test
    void shouldSayNothingOfAnEmptyWindow() {
        assertThat(new Diagnoser().diagnose(List.of(), group.learned.table()).findings()).isEmpty();
    }

    @Test
    void shouldNotBlameARankThatClosedInOrder() {
        group.ticks(4);
        group.driver.phase = Phase.DRAINING;
        group.rank(3).phase = Phase.CLOSED;
        group.rank(3).dead = true;
        group.rank(4).dead = true;

        group.ticks(4);

        assertThat(group.diagnosis.findings()).isEmpty();
    }

    @Test
    void shouldForgiveAStopThatEndsInTime() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).stop();
        group.ticks(9);
        group.rank(5).sleep("hrtimer_nanosleep");
        group.ticks(2);
        group.rank(5).stop();
        group.ticks(9);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldHoldTheLongLimitWhenMostAreLateAlike() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(1, 2, 3, 4, 5, 6, 7);
        group.ranks.stream().filter(rank -> rank.index > 0).forEach(ModelGroup.Rank::spin);

        group.ticks(20 * 20);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldNotActOnADriverHeldByADebugger() {
        group.ticks(10);
        group.driver.ticking = false;
        group.driver.state = 't';
        group.ticks(200);
        assertThat(group.only().kind()).isEqualTo(HangKind.TRACED);

        group.driver.state = 'S';
        group.tick();
        group.driver.ticking = true;
        group.ticks(10);

        assertThat(group.everFound).allMatch(Finding::excuses);
        assertThat(group.diagnosis.findings()).isEmpty();
    }

    @Test
    void shouldExcuseARankThatGetsNoProcessor() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).spin();
        group.rank(5).starved = true;

        group.ticks(200);

        assertThat(group.only().kind()).isEqualTo(HangKind.STARVED);
        assertThat(group.only().rank()).isEqualTo(5);
        assertThat(group.everFound).allMatch(f -> f.tier() == Tier.SUSPECT && f.excuses());
    }

    @Test
    void shouldExcuseARankHeldByADebuggerAndItsVictims() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).stop();
        group.rank(5).state = 't';
        group.ticks(400);
        assertThat(group.only().kind()).isEqualTo(HangKind.TRACED);

        group.rank(5).sleep("hrtimer_nanosleep");
        group.rank(5).pulsing = true;
        group.ticks(5);
        group.allWaitExcept();
        group.end();
        group.ticks(10);

        assertThat(group.everFound).allMatch(Finding::excuses);
        assertThat(group.diagnosis.findings()).isEmpty();
    }

    @Test
    void shouldConvictNobodyByTheClockUntilItHasBeenInTimeAgain() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).spin();
        group.ticks(19);
        group.tick(3 * SECOND);
        group.ticks(5);

        assertThat(group.only().kind()).isEqualTo(HangKind.SELF_STALLED);
        assertThat(group.only().rank()).isEqualTo(Verdict.NOBODY);
        group.until(() -> group.acts(HangKind.SPINNING, 5), SECOND);
        assertThat(group.everFound.stream().filter(f -> f.tier() == Tier.ACT)).allMatch(f -> f.rank() == 5);
    }

    @Test
    void shouldNotBlameOthersForItsOwnPause() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.tick(10 * SECOND);
        group.ticks(5);
        group.allWaitExcept();
        group.end();
        group.ticks(20);

        assertThat(group.everFound).allMatch(f -> f.kind() == HangKind.SELF_STALLED);
    }

    @Test
    void shouldNeverAlarmOverAnIdleGroup() {
        group.ticks(60 * 20);
        assertThat(group.everFound).isEmpty();
        group.serveMixedLoad();
        group.ticks(60 * 20);
        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldNotAlarmWhileStarting() {
        group.driver.phase = Phase.STARTING;
        group.driver.ticking = false;
        group.ranks.forEach(rank -> {
            rank.phase = Phase.STARTING;
            rank.pulsing = false;
            rank.looping = false;
            rank.spin();
        });

        group.ticks(30 * 20);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldNotAlarmInTheFirstCallOfAClass() {
        group.serve(METHOD, "decode", 160);
        group.begin(METHOD, "prefill", 60 * SECOND);
        group.allWaitExcept(3);
        group.rank(3).spin();
        group.ticks(160);
        group.allWaitExcept();
        group.end();

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldSayOfAStragglerBelowItsLimitNoMoreThanThatItIsOne() {
        group.serveMixedLoad();
        for (int i = 0; i < 50; i++) {
            group.begin(METHOD, "decode", 60 * SECOND);
            group.allWaitExcept(2);
            group.rank(2).spin();
            group.ticks(4);
            group.allWaitExcept();
            group.end();
        }

        assertThat(group.everFound).allMatch(f -> f.kind() == HangKind.STRAGGLER && f.rank() == 2 && f.excuses());
        assertThat(group.everFound).isNotEmpty();
    }

    @Test
    void shouldSayNothingOfRanksThatAreEndedAfterTheGroupFailed() {
        group.serveMixedLoad();
        group.driver.phase = Phase.FAILED;
        group.tick();
        group.ranks.forEach(rank -> rank.dead = true);
        group.ticks(40 * 20);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldNotConvictTheLastToArriveAfterASlowStepThatAllShared() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.ranks.forEach(ModelGroup.Rank::spin);
        group.ticks(24);
        group.allWaitExcept(3, 4, 5, 6, 7);
        group.ticks(5);
        group.allWaitExcept(5, 6, 7);
        group.ticks(3);
        group.allWaitExcept();
        group.end();
        group.ticks(20);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldNotConvictTheLastToFinishASlowCallThatAllShared() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept();
        group.ticks(24);
        for (ModelGroup.Rank rank : group.ranks.subList(0, 5)) {
            rank.completed = rank.entered;
            rank.finished = rank.started;
        }
        group.ticks(3);
        group.end();
        group.ticks(20);

        assertThat(group.everFound).noneMatch(f -> f.rank() >= 0 || f.tier() == Tier.ACT);
    }

    @Test
    void shouldNotConvictARankThatIsBehindButGetsOn() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        for (int i = 0; i < 20; i++) {
            group.allWaitExcept(5);
            group.rank(5).spin();
            group.ticks(3);
            group.allWaitExcept();
            group.ranks.forEach(rank -> rank.completed = rank.entered);
        }
        group.end();
        group.ticks(20);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldNotBlameAStuckWorkerThatIsEndedInAnOrderlyClose() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.inFlight.clear();
        group.driver.phase = Phase.DRAINING;
        group.ticks(2);
        group.ranks.forEach(rank -> rank.dead = true);
        group.ticks(4);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldSayNothingOfAStartThatWasGivenUp() {
        group.driver.phase = Phase.STARTING;
        group.ticks(4);
        group.driver.phase = Phase.FAILED;
        group.driver.ticking = false;
        group.rank(1).dead = true;
        group.ticks(10 * 20);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldLetAFailedDriverRestThatHasNobodyLeftToEnd() {
        group.serveMixedLoad();
        group.driver.phase = Phase.FAILED;
        group.ticks(20);
        group.ranks.forEach(rank -> rank.dead = true);
        group.driver.ticking = false;
        group.ticks(10 * 20);

        assertThat(group.everFound).isEmpty();
    }
}
