package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static dev.rollcall.watchdog.ModelGroup.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.LockCycleStatus;
import org.junit.jupiter.api.Test;

/** A cycle of locks as the rank's own pulse thread reports it. */
class DiagnoserDeadlockTest {
    private static final String CYCLE = "\"loop\" waits for Lock@1 held by \"helper\"";

    private final ModelGroup group = new ModelGroup(4);

    private void hangInCall(int rank, String costClass, long looks) {
        long call = group.begin(METHOD, costClass, 60 * SECOND);
        group.allWaitExcept(rank);
        group.rank(rank).lockCycle = new LockCycleStatus(call, looks, CYCLE);
    }

    @Test
    void shouldActAtTheLimitAndSayWhoWaitsForWhom() {
        group.serveMixedLoad();
        hangInCall(2, "decode", 2);

        long acted = group.untilAct(2 * SECOND);

        assertThat(acted).isBetween(SECOND, SECOND + 2 * TICK);
        assertThat(group.only().kind()).isEqualTo(HangKind.DEADLOCKED);
        assertThat(group.only().rank()).isEqualTo(2);
        assertThat(group.only().reason()).contains("cycle of locks seen twice", CYCLE);
        assertThat(group.only().victims()).isEqualTo(0b1011);
    }

    @Test
    void shouldNotWaitOutThePatienceForAClassThatNobodyKnows() {
        hangInCall(2, "", 3);

        assertThat(group.untilAct(2 * SECOND)).isBetween(SECOND, SECOND + 2 * TICK);
    }

    @Test
    void shouldNotTrustOneLookNorOneAtAnotherCall() {
        hangInCall(2, "", 1);
        group.ticks(60);
        assertThat(group.everFound).isEmpty();

        group.rank(2).lockCycle = new LockCycleStatus(group.rank(2).started - 1, 9, CYCLE);
        group.ticks(60);
        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldBeSureOfItWhileTheWatchdogItselfIsLate() {
        group.serveMixedLoad();
        hangInCall(2, "decode", 5);
        group.ticks(15);
        for (int i = 0; i < 10; i++) {
            group.tick(SECOND);
        }

        assertThat(group.acts(HangKind.DEADLOCKED, 2)).isTrue();
    }
}
