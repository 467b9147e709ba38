package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was seen in one rehearsal; milliseconds count from the injection, null where a thing did not happen.
 *
 * @param options     what was asked for
 * @param namedRank   whom the watchdog named
 * @param kind        as what
 * @param confirmed   nothing was injected, and yet the named process was found stopped or dead when it was named
 * @param limitMs     limit of the verdict, null for kinds that have none
 * @param detectMs    the verdict was on the board
 * @param failMs      the last request that was in flight had failed
 * @param savedMs     the evidence was sealed
 * @param goneMs      all processes and files of the group were gone
 * @param inFlight    requests open when the verdict came
 * @param account     how the requests ended
 * @param falseAlarms times somebody else was named, or somebody was named before anything was wrong
 * @param leftovers   processes and folders of the group that were left at the end
 * @param incident    folder of the incident
 * @param more        what only the matrix asks for
 * @param trouble     what went wrong besides, null when nothing did
 */
record Outcome(SimOptions options, @Nullable Integer namedRank, @Nullable HangKind kind, boolean confirmed,
        @Nullable Long limitMs, @Nullable Long detectMs, @Nullable Long failMs, @Nullable Long savedMs,
        @Nullable Long goneMs, int inFlight, RequestLedger.Account account, int falseAlarms, int leftovers,
        @Nullable String incident, @Nullable String trouble, More more) {
    /**
     * What the matrix asks for besides.
     *
     * @param reported      an error that a rank reported itself, null for none
     * @param suspectMs     the victim was first suspected; null when it never was
     * @param mentioned     all that was said and not acted on, as "STARVED rank 1"
     * @param falseSuspects suspicions of somebody who was not at fault
     * @param lastedMs      how long what the victim was told to do took by its own clock; null when that is not known
     * @param alsoNamed     the second victim is in the incident as well; true when there is only one
     */
    record More(Watch.@Nullable Reported reported, @Nullable Long suspectMs, Set<String> mentioned,
            int falseSuspects, @Nullable Long lastedMs, boolean alsoNamed) {
        static final More NONE = new More(null, null, Set.of(), 0, null, true);
    }

    /** A rehearsal that broke. */
    static Outcome failed(SimOptions options, String trouble) {
        return new Outcome(options, null, null, false, null, null, null, null, null, 0,
                new RequestLedger.Account(0, 0, 0, 0), 0, 0, null, trouble, More.NONE);
    }

    /** The line of {@code --json}; the keys and their order are part of the command's interface. */
    Map<String, @Nullable Object> toJson(boolean ok) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("fault", options.fault().option());
        line.put("rank", options.fault() == Fault.NONE ? null : rank(options.rank()));
        line.put("workers", options.workers());
        line.put("namedRank", namedRank == null ? null : rank(namedRank));
        line.put("kind", kind == null ? null : kind.name());
        line.put("limitMs", limitMs);
        line.put("detectMs", detectMs);
        line.put("failMs", failMs);
        line.put("savedMs", savedMs);
        line.put("goneMs", goneMs);
        line.put("inFlight", inFlight);
        line.put("completed", account.completed());
        line.put("failed", account.failed());
        line.put("lost", account.lost());
        line.put("duplicated", account.duplicated());
        line.put("falseAlarms", falseAlarms);
        line.put("leftovers", leftovers);
        line.put("incident", incident);
        line.put("ok", ok);
        return line;
    }

    private static Object rank(int rank) {
        return rank == Verdict.DRIVER ? "driver" : (Object) rank;
    }
}
