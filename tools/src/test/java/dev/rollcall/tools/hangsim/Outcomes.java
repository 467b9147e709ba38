package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.HangKind;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A rehearsal that went well, and ways to spoil it one by one. */
final class Outcomes {
    SimOptions options;
    @Nullable
    Integer namedRank;
    @Nullable
    HangKind kind;
    boolean confirmed;
    @Nullable
    Long limitMs;
    @Nullable
    Long detectMs = 550L;
    @Nullable
    Long failMs = 560L;
    @Nullable
    Long savedMs = 700L;
    @Nullable
    Long goneMs = 900L;
    int inFlight = 4;
    RequestLedger.Account account = new RequestLedger.Account(600, 596, 4, 0);
    int falseAlarms;
    int leftovers;
    @Nullable
    String trouble;
    Outcome.More more = Outcome.More.NONE;

    private Outcomes(SimOptions options) {
        this.options = options;
    }

    static Outcomes of(Fault fault, int rank) {
        Outcomes good = new Outcomes(options(fault, rank, true));
        good.namedRank = rank;
        good.kind = fault.expectedKind(good.options.atDriver());
        if (fault.isFromWithin()) {
            good.limitMs = 1_000L;
            good.detectMs = 1_050L;
            good.failMs = 1_060L;
        }
        return good;
    }

    static Outcomes healthy() {
        Outcomes good = new Outcomes(options(Fault.NONE, 5, true));
        good.detectMs = null;
        good.failMs = null;
        good.savedMs = null;
        good.goneMs = null;
        good.inFlight = 0;
        good.account = new RequestLedger.Account(600, 600, 0, 0);
        return good;
    }

    static SimOptions options(Fault fault, int rank, boolean enforce) {
        return new SimOptions(8, rank, fault, null, Duration.ofSeconds(3), Duration.ofSeconds(20), 4, 1,
                Duration.ofSeconds(1),
                enforce, Path.of("incidents"), true, false, Load.MIXED, Circumstance.NONE, SidecarWishes.NONE);
    }

    Outcome build() {
        return new Outcome(options, namedRank, kind, confirmed, limitMs, detectMs, failMs, savedMs, goneMs, inFlight,
                account, falseAlarms, leftovers, "incidents/7f3a", trouble, more);
    }
}
