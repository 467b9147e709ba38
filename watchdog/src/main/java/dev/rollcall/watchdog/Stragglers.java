package dev.rollcall.watchdog;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one the others wait for nearly always, in many calls, though it stays below its limit in each. Said, because it costs all of
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
        Set<Long> calls = new HashSet<>();
        for (GroupSnapshot then : window.reversed()) {
            if (now.atNanos() - then.atNanos() > SPAN_NANOS) {
                break;
            }
            readings++;
            if ((readings - late - 1) * 10 > window.size()) {
                return Optional.empty(); // whatever the rest shows
            }
            RankSnapshot behind = soleLate(new GroupView(then));
            if (behind != null && behind.board().rank() == rank) {
                late++;
                calls.add(behind.board().started());
            }
        }
        // In nine of ten readings: one that is last by chance is so in one of as many as there are ranks.
        boolean always = readings >= LEAST_READINGS && calls.size() >= LEAST_CALLS && late * 10 >= readings * 9;
        return always ? Optional.of(new Finding(Tier.SUSPECT, HangKind.STRAGGLER, rank, Phrases.callOf(slow.board()),
                0.6,
                "the others waited for it in " + late + " of " + readings + " readings, over " + calls.size()
                        + " calls; "
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
