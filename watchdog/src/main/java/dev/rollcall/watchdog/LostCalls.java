package dev.rollcall.watchdog;

import dev.rollcall.shm.ReaderLag;
import dev.rollcall.shm.RingStatus;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls that went missing between the two ends: not taken by a loop that ticks, not taken because the loop is no more,
 * answered and yet waited for. Pure; one use per window.
 */
final class LostCalls {
    private static final long SUSPECT_NANOS = 1_000_000_000L;
    private static final long ACT_NANOS = 2_000_000_000L;
    private static final long REPLY_NANOS = 1_000_000_000L;
    /** From here on the reply rings are worth reading. */
    private static final long DETAIL_NANOS = 300_000_000L;

    private final List<GroupSnapshot> window;
    private final GroupSnapshot now;
    private final LimitTable limits;
    private boolean wantsDetail;

    LostCalls(List<GroupSnapshot> window, LimitTable limits) {
        this.window = window;
        now = window.getLast();
        this.limits = limits;
    }

    /** Something has been missing for a while. */
    boolean wantsDetail() {
        return wantsDetail;
    }

    /**
     * It is idle, ticks, and has a call it does not take, or its thread has ended: what it misses elsewhere follows from
     * that.
     */
    boolean explains(RankSnapshot rank) {
        return isGone(rank) || (oldestUnseen(now, rank.board().rank()) != null
                && rank.ages().loopNanos() < Diagnoser.SILENT_NANOS);
    }

    /** What is wrong with an idle rank; nothing while it is in a call or a section. */
    Optional<Finding> judge(RankSnapshot rank) {
        RankStatus status = rank.board();
        if (GroupView.takesPart(rank) && isGone(rank)) {
            return loopGone(rank);
        }
        if (!GroupView.takesPart(rank) || GroupView.inCall(status) || status.section() != null) {
            return Optional.empty();
        }
        boolean still = status.loopTicks() > 0 && rank.ages().loopNanos() >= Diagnoser.SILENT_NANOS;
        long silent = still ? Math.min(rank.ages().loopNanos(), idleNanos(status)) : 0;
        if (silent >= Diagnoser.SILENT_NANOS) {
            boolean pulseAlive = status.pulses() > 0 && rank.ages().pulseNanos() < Diagnoser.SILENT_NANOS;
            return pulseAlive && status.replied() >= status.finished() ? loopLost(rank, silent) : Optional.empty();
        }
        return unseen(rank);
    }

    /** A loop does not tick in a call, so its silence counts from the end of the last one. */
    private long idleNanos(RankStatus status) {
        return Span.lasted(window, then -> {
            RankStatus was = then.ranks().get(status.rank()).board();
            return !GroupView.inCall(was) && was.finished() == status.finished();
        });
    }

    private Optional<Finding> loopLost(RankSnapshot rank, long silent) {
        ThreadFacts loop = rank.facts().loop();
        String thread = loop == null ? "its thread cannot be seen" : Phrases.thread(loop);
        return finding(HangKind.LOOP_LOST, rank, 0, silent,
                "idle, loop silent for " + Phrases.time(silent) + ", pulse alive; " + thread,
                "a loop that is held up between calls");
    }

    /** Its thread has ended while the process lives: a dying one has no pulse. */
    private static boolean isGone(RankSnapshot rank) {
        ThreadFacts loop = rank.facts().loop();
        return loop != null && loop.state() == 'X' && rank.board().pulses() > 0
                && rank.ages().pulseNanos() < Diagnoser.SILENT_NANOS;
    }

    private Optional<Finding> loopGone(RankSnapshot rank) {
        int number = rank.board().rank();
        long age = Span.lasted(window, then -> isGone(then.ranks().get(number)));
        return finding(HangKind.LOOP_LOST, rank, Phrases.callOf(rank.board()), age,
                "the loop's thread has ended, seen for " + Phrases.time(age) + ", pulse alive; "
                        + Phrases.where(rank, new GroupView(now)),
                "");
    }

    private Optional<Finding> unseen(RankSnapshot rank) {
        int number = rank.board().rank();
        if (oldestUnseen(now, number) == null) {
            return Optional.empty();
        }
        long received = rank.board().received();
        long age = Span.lasted(window, then -> oldestUnseen(then, number) != null
                && then.ranks().get(number).board().received() == received);
        InFlightCall call = oldestUnseen(now, number);
        return call == null ? Optional.empty()
                : finding(HangKind.REQUEST_UNSEEN, rank, call.callId(), age,
                        "its ring holds call " + call.callId() + ' ' + call.method() + " for " + Phrases.time(age)
                                + ", loop ticks, received " + received,
                        "a loop that is held up between calls");
    }

    /** The oldest call this idle rank has not received though its ring holds unread frames. */
    private static @Nullable InFlightCall oldestUnseen(GroupSnapshot snapshot, int rank) {
        RankStatus status = snapshot.ranks().get(rank).board();
        if (GroupView.inCall(status) || !holdsUnread(snapshot.requests(), rank)) {
            return null;
        }
        InFlightCall oldest = null;
        for (InFlightCall call : snapshot.inFlight()) {
            if (call.callId() > status.received() && (oldest == null || call.callId() < oldest.callId())) {
                oldest = call;
            }
        }
        return oldest;
    }

    private static boolean holdsUnread(@Nullable RingStatus requests, int rank) {
        if (requests != null) {
            for (ReaderLag reader : requests.readers()) {
                if (reader.slot() == rank) {
                    return reader.messages() > 0;
                }
            }
        }
        return false;
    }

    /** A call all who were asked have answered, all they wrote is read, and the driver, whose loop ticks, still waits. */
    Optional<Finding> reply() {
        if (now.driver().ages().loopNanos() >= Diagnoser.SILENT_NANOS) {
            return Optional.empty();
        }
        for (InFlightCall call : now.inFlight()) {
            if (!isAnswered(now, call.callId())) {
                continue;
            }
            long age = Span.lasted(window, then -> isAnswered(then, call.callId()));
            wantsDetail |= age >= limits.scaled(DETAIL_NANOS);
            // Read only just now is not lost yet: the driver may be about to end the call.
            if (age >= limits.scaled(REPLY_NANOS)
                    && Span.lasted(window, LostCalls::isAllRead) >= limits.scaled(DETAIL_NANOS)) {
                return Optional.of(replyLost(call, age));
            }
        }
        return Optional.empty();
    }

    private Finding replyLost(InFlightCall call, long age) {
        int only = now.ranks().size() == 1 ? 0 : Verdict.NOBODY;
        int who = call.replyRank() >= 0 ? call.replyRank() : only;
        return new Finding(Tier.ACT, HangKind.REPLY_LOST, who, call.callId(), who == Verdict.NOBODY ? 0.6 : 0.9,
                (who == Verdict.NOBODY ? "cannot tell whose: every rank has" : "it has") + " answered call "
                        + call.callId() + ' ' + call.method()
                        + ", the reply rings are read, and the driver still waits,"
                        + " for " + Phrases.time(age),
                "a driver that dropped the reply", limits.scaled(REPLY_NANOS), age, 0);
    }

    private static boolean isAnswered(GroupSnapshot snapshot, long callId) {
        for (InFlightCall call : snapshot.inFlight()) {
            if (call.callId() == callId) {
                return snapshot.ranks().stream().map(RankSnapshot::board)
                        .filter(rank -> call.replyRank() < 0 || rank.rank() == call.replyRank())
                        .allMatch(rank -> rank.replied() >= callId);
            }
        }
        return false;
    }

    private static boolean isAllRead(GroupSnapshot snapshot) {
        return !snapshot.replies().isEmpty() && snapshot.replies().stream().flatMap(ring -> ring.readers().stream())
                .allMatch(reader -> reader.messages() == 0);
    }

    private Optional<Finding> finding(HangKind kind, RankSnapshot rank, long callId, long age, String reason,
            String runnerUp) {
        // Idle loops tick each 200 ms whatever the floor.
        long suspect = Math.max(limits.scaled(SUSPECT_NANOS), Diagnoser.SILENT_NANOS);
        long act = Math.max(limits.scaled(ACT_NANOS), 2 * Diagnoser.SILENT_NANOS);
        wantsDetail |= age >= suspect / 2;
        if (age < suspect) {
            return Optional.empty();
        }
        return Optional.of(new Finding(age >= act ? Tier.ACT : Tier.SUSPECT, kind, rank.board().rank(), callId, 0.9,
                reason + "; finished call " + rank.board().finished(), runnerUp, age >= act ? act : suspect, age,
                Phrases.victims(new GroupView(now), rank.board().rank())));
    }
}
