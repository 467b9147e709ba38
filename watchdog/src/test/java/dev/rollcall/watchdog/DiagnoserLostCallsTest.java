package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static dev.rollcall.watchdog.ModelGroup.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are not taken, loops that are no more, replies that do not arrive; each beside a case that only looks so. */
class DiagnoserLostCallsTest {
    private final ModelGroup group = new ModelGroup(4);

    @BeforeEach
    void serve() {
        group.rings = true;
        group.serveMixedLoad();
        assertThat(group.everFound).isEmpty();
    }

    /** A call all but rank 2 have served; rank 2 is idle, and so is its word for it. */
    private long callNotTakenBy2() {
        ModelGroup.Rank deaf = group.rank(2);
        long received = deaf.received;
        long call = group.begin(METHOD, "decode", 60 * SECOND);
        deaf.received = received;
        deaf.started = deaf.finished;
        return call;
    }

    @Test
    void shouldNameTheRankThatTakesNoCallThoughItsLoopTicks() {
        long call = callNotTakenBy2();
        group.rank(2).unread = 1;
        group.allWaitExcept(2);

        long suspected = group.until(() -> !group.diagnosis.findings().isEmpty(), 2 * SECOND);
        assertThat(group.only().kind()).isEqualTo(HangKind.REQUEST_UNSEEN);
        assertThat(group.only().tier()).isEqualTo(Tier.SUSPECT);
        long acted = suspected + group.untilAct(2 * SECOND);

        assertThat(suspected).isBetween(SECOND, SECOND + 2 * TICK);
        assertThat(acted).isBetween(2 * SECOND, 2 * SECOND + 2 * TICK);
        assertThat(group.only().rank()).isEqualTo(2);
        assertThat(group.only().callId()).isEqualTo(call);
        assertThat(group.only().victims()).isEqualTo(0b1011);
    }

    @Test
    void shouldNameTheRankWhoseLoopThreadHasEndedInACall() {
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(2);
        group.rank(2).state = 'X';

        long acted = group.untilAct(4 * SECOND);

        assertThat(acted).isBetween(2 * SECOND, 2 * SECOND + 2 * TICK);
        assertThat(group.only().kind()).isEqualTo(HangKind.LOOP_LOST);
        assertThat(group.only().rank()).isEqualTo(2);
        assertThat(group.only().reason()).contains("thread has ended");
    }

    @Test
    void shouldBlameNobodyForARequestThatIsNotInTheRingYet() {
        callNotTakenBy2();
        for (ModelGroup.Rank rank : group.ranks) {
            rank.received = group.rank(2).received;
            rank.started = rank.finished;
        }
        group.ticks(200);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldBlameNobodyForAQueueOfRequestsBehindACallItIsIn() {
        group.begin(METHOD, "decode", 60 * SECOND);
        group.inFlight.add(new InFlightCall(10_000, METHOD, "decode", -1, 60 * SECOND));
        group.ranks.forEach(rank -> rank.unread = 1);
        group.ticks(18);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldNameTheIdleRankWhoseLoopIsGoneWhileItsPulseBeats() {
        group.ticks(10);
        group.rank(3).looping = false;
        group.rank(3).readable = false;

        long suspected = group.until(() -> !group.diagnosis.findings().isEmpty(), 2 * SECOND);
        assertThat(group.only().tier()).isEqualTo(Tier.SUSPECT);
        long acted = suspected + group.untilAct(2 * SECOND);

        assertThat(group.only().kind()).isEqualTo(HangKind.LOOP_LOST);
        assertThat(group.only().rank()).isEqualTo(3);
        assertThat(group.only().reason()).contains("pulse alive", "thread cannot be seen");
        assertThat(acted).isBetween(2 * SECOND - 4 * TICK, 2 * SECOND + 4 * TICK);
    }

    @Test
    void shouldForgiveALoopThatMissesFourTicks() {
        group.ticks(10);
        group.rank(3).looping = false;
        group.ticks(16);
        group.rank(3).looping = true;
        group.ticks(40);

        assertThat(group.everFound).isEmpty();
    }

    @Test
    void shouldSayWhoseReplyWasLostWhenOneRankWasAsked() {
        long call = group.begin(METHOD, "decode", 60 * SECOND);
        group.inFlight.set(0, new InFlightCall(call, METHOD, "decode", 1, 60 * SECOND));
        group.ranks.forEach(rank -> rank.finished = rank.started);

        long took = group.untilAct(2 * SECOND);

        assertThat(group.only().kind()).isEqualTo(HangKind.REPLY_LOST);
        assertThat(group.only().rank()).isEqualTo(1);
        assertThat(group.only().callId()).isEqualTo(call);
        assertThat(took).isBetween(SECOND, SECOND + 2 * TICK);
    }

    @Test
    void shouldNotTellWhoseReplyWasLostWhenAllWereAsked() {
        group.begin(METHOD, "decode", 60 * SECOND);
        group.ranks.forEach(rank -> rank.finished = rank.started);
        group.untilAct(2 * SECOND);

        assertThat(group.only().kind()).isEqualTo(HangKind.REPLY_LOST);
        assertThat(group.only().rank()).isEqualTo(Verdict.NOBODY);
        assertThat(group.only().reason()).contains("cannot tell");
    }

    @Test
    void shouldNotCallAReplyLostThatTheDriverHasNotReadYet() {
        group.begin(METHOD, "decode", 60 * SECOND);
        group.unreadReplies = 1;
        group.ranks.forEach(rank -> rank.finished = rank.started);
        group.ticks(100);
        group.unreadReplies = 0;
        group.ticks(5);
        group.inFlight.clear();
        group.ticks(20);

        assertThat(group.everFound).isEmpty();
    }
}
