package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.tools.console.Counted;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a rehearsal went as it should: a pure function of what was seen, so that it can be shown to say no. The times
 * are those a busy machine still keeps; the figures of an idle one are in the outcome. Any thread.
 */
final class Judge {
    /** A dead or stopped process, and what may pass beyond a limit, on a machine that has other work. */
    static final long DETECT_MS = 3_000;
    static final long PAST_LIMIT_MS = 1_000;
    static final long DRIVER_MS = 6_000;
    /** From the verdict to the last failed request. */
    static final long FAIL_MS = 1_000;

    private Judge() {
    }

    /**
     * Judges one rehearsal.
     *
     * @return what was wrong, empty for a pass
     */
    static List<String> faults(Outcome seen) {
        List<String> wrong = new ArrayList<>();
        if (seen.trouble() != null) {
            wrong.add(seen.trouble());
        }
        naming(seen, wrong);
        accounts(seen, wrong);
        if (seen.falseAlarms() != 0) {
            wrong.add(Counted.of(seen.falseAlarms(), "false alarm"));
        }
        if (seen.leftovers() != 0) {
            wrong.add(Counted.of(seen.leftovers(), "process or folder", "processes or folders") + " left behind");
        }
        return wrong;
    }

    private static void naming(Outcome seen, List<String> wrong) {
        SimOptions asked = seen.options();
        if (asked.fault() == Fault.NONE) {
            if (seen.namedRank() != null && !seen.confirmed()) {
                wrong.add("named " + seen.kind() + " though nothing was wrong");
            }
            return;
        }
        if (seen.namedRank() == null) {
            if (seen.trouble() == null) { // that says why; perhaps nobody was even at fault
                wrong.add("nobody was named, " + asked.victim() + " was at fault");
            }
            return;
        }
        if (!asked.isVictim(seen.namedRank())) {
            wrong.add("named " + Report.who(seen.namedRank()) + ", " + asked.victim() + " was at fault");
        }
        HangKind expected = asked.fault().expectedKind(asked.atDriver());
        if (seen.kind() != expected) {
            wrong.add("named it " + seen.kind() + ", it was " + expected);
        }
        timing(seen, wrong);
    }

    private static void timing(Outcome seen, List<String> wrong) {
        SimOptions asked = seen.options();
        Long detect = seen.detectMs();
        long bound = bound(seen);
        if (detect == null || detect > bound) {
            wrong.add("named after " + detect + " ms, allowed " + bound);
        }
        if (seen.kind() != null && asked.isActedOn(seen.kind())) {
            if (seen.failMs() == null) {
                wrong.add("the requests in flight were not failed");
            } else if (detect != null && seen.failMs() - detect > FAIL_MS) {
                wrong.add("requests failed " + (seen.failMs() - detect) + " ms after the verdict, allowed " + FAIL_MS);
            }
            if (seen.savedMs() == null) {
                wrong.add("no evidence was saved");
            }
            if (seen.goneMs() == null) {
                wrong.add("the group was not torn down");
            }
        }
    }

    private static long bound(Outcome seen) {
        SimOptions asked = seen.options();
        // --floor scales the watchdog's fixed times.
        long scale = Math.max(1, asked.floor().toMillis() / 1_000);
        @Nullable Long limit = seen.limitMs();
        if (asked.fault().isFromWithin()) {
            return (limit == null ? 0 : limit) + PAST_LIMIT_MS;
        }
        return scale * (asked.fault().expectedKind(asked.atDriver()) == HangKind.DRIVER_HUNG ? DRIVER_MS : DETECT_MS);
    }

    private static boolean isFromOutside(Outcome seen) {
        return seen.options().fault() == Fault.NONE && seen.namedRank() != null && seen.confirmed();
    }

    private static void accounts(Outcome seen, List<String> wrong) {
        if (seen.account().lost() != 0) {
            wrong.add(Counted.of(seen.account().lost(), "request") + " never ended");
        }
        if (seen.account().duplicated() != 0) {
            wrong.add(Counted.of(seen.account().duplicated(), "request") + " ended twice");
        }
        // Whoever hangs a process himself may do so before the first step is over.
        if (seen.account().completed() == 0 && !isFromOutside(seen)) {
            wrong.add("no request completed");
        }
        if (seen.options().fault() == Fault.NONE && seen.namedRank() == null && seen.account().failed() != 0) {
            wrong.add(Counted.of(seen.account().failed(), "request") + " failed in a healthy run");
        }
    }
}
