package dev.rollcall.watchdog;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * Processes that have paused as a whole: neither the loop nor the pulse thread moves, and yet nobody has stopped them. A
 * frozen control group looks so, and it is no fault of theirs: said, never acted on. Garbage collections and safepoints
 * look so too; most such pauses end, so they have a patience of their own. That patience is for a process at work: when
 * its loop computes, or when in no reading any of its threads did anything, there is no collection to wait for, and its
 * call is judged like any other. Pure; one use per window.
 */
final class PausedRanks {
    private static final long BUDGET_NANOS = 1_000_000_000L;
    private static final int PATIENCE = 10;
    /** So long nothing of a process must have moved: a collection always has a thread at work. */
    private static final long REST_NANOS = 300_000_000L;

    private final List<GroupSnapshot> window;
    private final GroupView view;
    private final LimitTable limits;
    private final ThreadHistory threads;
    private final boolean alike;
    private final boolean allFrozen;
    private final boolean any;
    private boolean said;
    private boolean freezeSaid;

    PausedRanks(List<GroupSnapshot> window, GroupView view, LimitTable limits) {
        this.window = window;
        this.view = view;
        this.limits = limits;
        threads = new ThreadHistory(window);
        int frozen = 0;
        int paused = 0;
        int either = 0;
        for (RankSnapshot rank : view.present()) {
            boolean isFrozen = rank.facts().frozen();
            boolean isPaused = isPaused(rank);
            frozen += isFrozen ? 1 : 0;
            paused += isPaused ? 1 : 0;
            either += isFrozen || isPaused ? 1 : 0;
        }
        int present = view.present().size();
        allFrozen = present > 1 && frozen == present;
        alike = present > 1 && paused == present;
        any = either > 0;
    }

    /** Some rank is. */
    boolean any() {
        return any;
    }

    /** Said at once; once for all when all are. */
    Optional<Finding> frozen(RankSnapshot rank) {
        if (!rank.facts().frozen() || !GroupView.takesPart(rank) || (allFrozen && freezeSaid)) {
            return Optional.empty();
        }
        freezeSaid = true;
        RankStatus status = rank.board();
        int who = allFrozen ? Verdict.NOBODY : status.rank();
        return Optional.of(new Finding(Tier.SUSPECT, HangKind.PAUSED_CGROUP, who, Phrases.callOf(status), 0.95,
                (allFrozen ? "the control group of all " + view.present().size() + " ranks is frozen"
                        : "its control group is frozen") + "; " + Phrases.where(rank, view),
                "", 0, 0, Phrases.victims(view, who)));
    }

    boolean isPaused(RankSnapshot rank) {
        RankStatus status = rank.board();
        Ages ages = rank.ages();
        ThreadFacts loop = rank.facts().loop();
        boolean still = GroupView.inCall(status) ? ages.callNanos() >= Diagnoser.SILENT_NANOS
                : ages.loopNanos() >= Diagnoser.SILENT_NANOS;
        return GroupView.takesPart(rank) && status.pulses() > 0 && ages.pulseNanos() >= Diagnoser.SILENT_NANOS && still
                && loop != null && (loop.state() == 'S' || loop.state() == 'R') && !rank.facts().frozen()
                && !(GroupView.inCall(status) && (threads.isSpinning(rank) || isAtRest(rank)));
    }

    /** No other thread of the process was seen to run for a while; without readings nothing is known. */
    private boolean isAtRest(RankSnapshot rank) {
        int number = rank.board().rank();
        long lasted = Span.lasted(window, then -> then.ranks().get(number).facts().awake() == 0);
        return lasted >= REST_NANOS;
    }

    /** When all have, it is done to them from outside: said once, of nobody, and never acted on. */
    Optional<Finding> judge(RankSnapshot rank) {
        long age = rank.ages().pulseNanos();
        long budget = Math.max(limits.scaled(BUDGET_NANOS), Diagnoser.SILENT_NANOS);
        if (age < budget || (alike && said)) {
            return Optional.empty();
        }
        said = true;
        long limit = PATIENCE * budget;
        boolean act = age >= limit && !alike;
        RankStatus status = rank.board();
        String reason = (alike ? "all " + view.present().size() + " ranks paused alike: " : "") + "pulse silent for "
                + Phrases.time(age) + ", loop too; " + Phrases.thread(rank.facts().loop()) + "; budget="
                + Phrases.time(budget) + "; " + Phrases.where(rank, view);
        return Optional.of(new Finding(act ? Tier.ACT : Tier.SUSPECT, HangKind.PAUSED_VM,
                alike ? Verdict.NOBODY : status.rank(), Phrases.callOf(status), 0.8, reason,
                alike ? "a suspended machine" : "a long garbage collection that will end",
                act ? limit : budget, age, Phrases.victims(view, alike ? Verdict.NOBODY : status.rank())));
    }
}
