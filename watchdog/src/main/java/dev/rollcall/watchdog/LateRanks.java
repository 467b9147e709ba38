package dev.rollcall.watchdog;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.LockCycleStatus;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.SectionStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges lateness: whose call is past its limit while the others wait, and what it does there. Pure; one use per window.
 */
final class LateRanks {
    /** So long they must have been inside together: a long call ends with a collective as well. */
    private static final long INSIDE_NANOS = 1_000_000_000L;

    private final List<GroupSnapshot> window;
    private final GroupSnapshot now;
    private final GroupView view;
    private final LimitTable limits;
    private final ThreadHistory threads;
    private boolean wantsDetail;
    private final Predicate<RankSnapshot> differs;

    LateRanks(List<GroupSnapshot> window, GroupView view, LimitTable limits) {
        this.window = window;
        now = window.getLast();
        this.view = view;
        this.limits = limits;
        threads = new ThreadHistory(window);
        differs = rank -> view.isBehind(rank) && !view.mostAreBehind() && Lagging.hasLasted(window, rank, limits);
    }

    /** Somebody is past half its limit. */
    boolean wantsDetail() {
        return wantsDetail;
    }

    Optional<Finding> judge(RankSnapshot rank) {
        RankStatus status = rank.board();
        if (!GroupView.takesPart(rank) || view.isVictim(rank)) {
            return Optional.empty();
        }
        SectionStatus section = status.section();
        if (section != null) {
            LimitTable.Limit bound = new LimitTable.Limit(section.boundNanos(), section.boundNanos(), 0);
            return late(rank, rank.ages().sectionNanos(), bound, "section " + section.name());
        }
        boolean outside = !GroupView.inCall(status) || status.started() > view.frontier();
        if (outside) {
            return view.missedBy(rank) == null || view.mostAreBehind() ? Optional.empty()
                    : late(rank, rank.ages().missingNanos(), limitOfFrontier(), "outside " + frontierCall());
        }
        LimitTable.Limit limit = limitOf(status);
        noteDetail(rank.ages().callNanos(), limit.suspectNanos());
        boolean alone = view.present().size() == 1;
        if (alone || (rank.ages().callNanos() >= limit.suspectNanos() && differs.test(rank))) {
            // A single rank has no peers to differ from: its lateness is said early, acted on late.
            LimitTable.Limit own = alone ? new LimitTable.Limit(limit.suspectNanos(), limit.alikeNanos(), 0) : limit;
            return late(rank, rank.ages().callNanos(), own, "in " + Phrases.call(status));
        }
        return Optional.empty();
    }

    /**
     * In or behind a cycle of locks, seen twice by its own pulse thread: that does not end by itself, so that its call need
     * only be late. A call of a class not known yet is, past the floor.
     */
    Optional<Finding> deadlocked(RankSnapshot rank) {
        RankStatus status = rank.board();
        LockCycleStatus cycle = status.lockCycle();
        if (cycle == null || cycle.looks() < 2 || cycle.callId() != status.started() || !GroupView.inCall(status)
                || status.section() != null || !GroupView.takesPart(rank)) {
            return Optional.empty();
        }
        boolean known = limits.knows(status.method(), status.costClass());
        long limit = known ? limitOf(status).suspectNanos() : limits.floorNanos();
        long age = rank.ages().callNanos();
        return age < limit ? Optional.empty()
                : Optional.of(new Finding(Tier.ACT, HangKind.DEADLOCKED, status.rank(), status.started(), 0.98,
                        "cycle of locks seen " + (cycle.looks() == 2 ? "twice" : cycle.looks() + " times") + ": "
                                + cycle.text() + "; in " + Phrases.call(status) + " for " + Phrases.time(age)
                                + " limit=" + Phrases.time(limit) + "; " + Phrases.where(rank, view),
                        "", limit, age, Phrases.victims(view, status.rank())));
    }

    /** All are late alike: said after the long limit, and nobody is blamed. */
    Optional<Finding> judgeAlike() {
        List<RankSnapshot> working = new ArrayList<>(view.present().size());
        for (RankSnapshot rank : view.present()) {
            if (GroupView.inCall(rank.board())) {
                working.add(rank);
            }
        }
        if (working.isEmpty() || view.present().size() == 1 || (view.victims() != 0 && !view.mostAreBehind())) {
            return Optional.empty();
        }
        RankSnapshot youngest = youngest(working);
        if (working.size() == view.present().size() && GroupView.areInOneCollective(now)) {
            return stuck(youngest);
        }
        long limit = limitOf(youngest.board()).alikeNanos();
        long age = youngest.ages().callNanos();
        if (age < limit || working.stream().anyMatch(rank -> rank.board().section() != null)) {
            return Optional.empty();
        }
        long spinning = working.stream().filter(threads::isSpinning).count();
        HangKind kind = spinning * 2 > working.size() ? HangKind.SPINNING : HangKind.BLOCKED;
        String reason = "cannot tell who: " + working.size() + " of " + now.ranks().size() + " ranks late alike in "
                + Phrases.call(youngest.board()) + " for " + Phrases.time(age) + " limit=" + Phrases.time(limit) + "; "
                + spinning + " of them compute; " + Phrases.where(youngest, view);
        return Optional.of(new Finding(Tier.ACT, kind, Verdict.NOBODY, youngest.board().started(), 0.3, reason,
                "a slow call that all ranks share", limit, age, 0));
    }

    private static RankSnapshot youngest(List<RankSnapshot> working) {
        RankSnapshot youngest = working.getFirst();
        for (RankSnapshot rank : working) {
            if (rank.ages().callNanos() < youngest.ages().callNanos()) {
                youngest = rank;
            }
        }
        return youngest;
    }

    /**
     * All wait in the same collective. On a GPU that is also how a long step looks, which the host has handed over in whole:
     * said at the limit, acted on after the long one.
     */
    private Optional<Finding> stuck(RankSnapshot youngest) {
        LimitTable.Limit limit = limitOf(youngest.board());
        long age = youngest.ages().callNanos();
        noteDetail(age, limit.suspectNanos());
        long inside = Span.lasted(window, GroupView::areInOneCollective);
        if (age < limit.suspectNanos() || inside < limits.scaled(INSIDE_NANOS) || youngest.board().section() != null) {
            return Optional.empty();
        }
        boolean act = age >= limit.alikeNanos();
        String reason = "cannot tell who: all " + view.present().size() + " ranks entered the same collective and none"
                + " completes it; in " + Phrases.call(youngest.board()) + " for " + Phrases.time(age) + " limit="
                + Phrases.time(act ? limit.alikeNanos() : limit.suspectNanos()) + "; "
                + Phrases.where(youngest, view);
        return Optional.of(new Finding(act ? Tier.ACT : Tier.SUSPECT, HangKind.COLLECTIVE_STUCK, Verdict.NOBODY,
                youngest.board().started(), 0.5, reason, "a long step that all ranks share",
                act ? limit.alikeNanos() : limit.suspectNanos(), age, 0));
    }

    private Optional<Finding> late(RankSnapshot rank, long age, LimitTable.Limit limit, String place) {
        noteDetail(age, limit.suspectNanos());
        if (age < limit.suspectNanos()) {
            return Optional.empty();
        }
        RankStatus status = rank.board();
        boolean act = age >= limit.actNanos();
        HangKind kind = kindOf(rank);
        long victims = Phrases.victims(view, status.rank());
        String reason = describe(rank, kind) + "; " + place + " for " + Phrases.time(age) + " limit="
                + Phrases.time(limit.suspectNanos()) + "; " + Phrases.where(rank, view);
        return Optional.of(new Finding(act ? Tier.ACT : Tier.SUSPECT, kind, status.rank(),
                kind == HangKind.MISSING_FROM_COLLECTIVE ? view.frontier() : status.started(),
                confidence(rank, victims), reason, runnerUp(kind), limit.suspectNanos(), age, victims));
    }

    /** Computing and sleeping say where it hangs; one that has left the call behind is simply missing. */
    private HangKind kindOf(RankSnapshot rank) {
        if (threads.isSpinning(rank)) {
            return HangKind.SPINNING;
        }
        if (threads.isUninterruptible(rank)) {
            return HangKind.UNINTERRUPTIBLE;
        }
        boolean left = !GroupView.inCall(rank.board()) || rank.board().started() > view.frontier();
        return left ? HangKind.MISSING_FROM_COLLECTIVE : HangKind.BLOCKED;
    }

    private String describe(RankSnapshot rank, HangKind kind) {
        String pulse = rank.board().pulses() > 0 && rank.ages().pulseNanos() > 1_000_000_000L
                ? ", pulse silent for " + Phrases.time(rank.ages().pulseNanos())
                : "";
        return kind == HangKind.SPINNING ? "state R in " + threads.runningOf(rank) + ", cpu="
                + threads.cpuPercent(rank) + " %" + pulse : threads.waitOf(rank) + pulse;
    }

    private double confidence(RankSnapshot rank, long victims) {
        double base = victims != 0 ? 0.95 : 0.8;
        if (rank.facts().loop() == null) {
            base = 0.6;
        }
        return base / Math.max(1, view.behind());
    }

    private static String runnerUp(HangKind kind) {
        return switch (kind) {
            case SPINNING -> "a long computation that will end";
            case BLOCKED -> "a long wait that will end";
            case UNINTERRUPTIBLE -> "slow storage or a driver that will answer";
            default -> "a call it has not been sent";
        };
    }

    private LimitTable.Limit limitOf(RankStatus status) {
        return limits.limitFor(status.method(), status.costClass(), timeoutOf(status.started()));
    }

    private LimitTable.Limit limitOfFrontier() {
        RankSnapshot waiting = atFrontier();
        return waiting == null ? limits.limitFor("", "", 0) : limitOf(waiting.board());
    }

    private String frontierCall() {
        RankSnapshot waiting = atFrontier();
        return waiting == null ? "all calls" : Phrases.call(waiting.board());
    }

    private @Nullable RankSnapshot atFrontier() {
        for (RankSnapshot rank : view.present()) {
            if (GroupView.inCall(rank.board()) && rank.board().started() == view.frontier()) {
                return rank;
            }
        }
        return null;
    }

    private long timeoutOf(long callId) {
        for (InFlightCall call : now.inFlight()) {
            if (call.callId() == callId) {
                return call.timeoutNanos();
            }
        }
        return 0;
    }

    private void noteDetail(long age, long limit) {
        wantsDetail |= age >= limit / 2;
    }
}
