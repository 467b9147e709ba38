package dev.rollcall.watchdog;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one the others wait for nearly always, though it stays below its limit in each call. Said, because it costs all of
 * them; never acted on. Pure; any thread.
 */
final class Stragglers {
    private static final long SPAN_NANOS = 3_500_000_000L;
    private static final int LEAST_READINGS = 40;
    private static final int LEAST_CALLS = 12;

    private Stragglers() {
    }

    static Optional<Finding> judge(List<GroupSnapshot> window, GroupView view) {
        GroupSnapshot now = window.getLast();
        RankSnapshot slow = soleLate(view);
        if (slow == null || view.present().size() < 2) {
            return Optional.empty();
        }
        int rank = slow.board().rank();
        int readings = 0;
        int late = 0;
        long oldestCall = slow.board().started();
        for (GroupSnapshot then : window.reversed()) {
            if (now.atNanos() - then.atNanos() > SPAN_NANOS) {
                break;
            }
            readings++;
            oldestCall = then.ranks().get(rank).board().started();
            RankSnapshot behind = soleLate(new GroupView(then));
            late += behind != null && behind.board().rank() == rank ? 1 : 0;
        }
        long calls = slow.board().started() - oldestCall;
        // In nine of ten readings: one that is last by chance is so in one of as many as there are ranks.
        boolean always = readings >= LEAST_READINGS && calls >= LEAST_CALLS && late * 10 >= readings * 9;
        return always ? Optional.of(new Finding(Tier.SUSPECT, HangKind.STRAGGLER, rank, Phrases.callOf(slow.board()),
                0.6,
                "the others waited for it in " + late + " of " + readings + " readings, over " + calls + " calls; "
                        + Phrases.where(slow, view),
                "", 0, 0, Phrases.victims(view, rank))) : Optional.empty();
    }

    /** The only rank that is behind while all others wait, or null. */
    private static @Nullable RankSnapshot soleLate(GroupView view) {
        return view.behind() == 1
                ? view.present().stream().filter(view::isBehind).findFirst().orElse(null)
                : null;
    }
}
