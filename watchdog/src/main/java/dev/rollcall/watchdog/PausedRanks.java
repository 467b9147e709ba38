package dev.rollcall.watchdog;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.util.Optional;

/**
 * Processes that have paused as a whole: neither the loop nor the pulse thread moves, and yet nobody has stopped them.
 * Garbage collection and safepoints look so, and a frozen cgroup. Most such pauses end, so they have a patience of their
 * own. Pure; one use per window.
 */
final class PausedRanks {
    private static final long BUDGET_NANOS = 1_000_000_000L;
    private static final int PATIENCE = 10;

    private final GroupView view;
    private final LimitTable limits;
    private final boolean alike;
    private boolean said;

    PausedRanks(GroupView view, LimitTable limits) {
        this.view = view;
        this.limits = limits;
        alike = view.present().size() > 1 && view.present().stream().allMatch(this::isPaused);
    }

    /** Some rank is. */
    boolean any() {
        return view.present().stream().anyMatch(this::isPaused);
    }

    boolean isPaused(RankSnapshot rank) {
        RankStatus status = rank.board();
        Ages ages = rank.ages();
        ThreadFacts loop = rank.facts().loop();
        boolean still = GroupView.inCall(status) ? ages.callNanos() >= Diagnoser.SILENT_NANOS
                : ages.loopNanos() >= Diagnoser.SILENT_NANOS;
        return GroupView.takesPart(rank) && status.pulses() > 0 && ages.pulseNanos() >= Diagnoser.SILENT_NANOS && still
                && loop != null && (loop.state() == 'S' || loop.state() == 'R');
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
                alike ? "a frozen cgroup or a suspended machine" : "a long garbage collection that will end",
                act ? limit : budget, age, Phrases.victims(view, alike ? Verdict.NOBODY : status.rank())));
    }
}
