package dev.rollcall.tools.incident;

import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.Ages;
import dev.rollcall.watchdog.Diagnoser;
import dev.rollcall.watchdog.DriverSnapshot;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.LimitTable;
import dev.rollcall.watchdog.ProcessFacts;
import dev.rollcall.watchdog.RankSnapshot;
import dev.rollcall.watchdog.ThreadFacts;
import dev.rollcall.watchdog.Timeline;
import dev.rollcall.watchdog.WatchdogHealth;
import java.util.List;
import java.util.stream.IntStream;

/** The incident of a rank that is stopped in a call, ten readings long. */
public final class StoppedRank {
    private static final long TICK = 50_000_000L;
    private static final LimitTable LIMITS = new LimitTable(1_000_000_000L, 300_000_000_000L, 5, List.of());

    private StoppedRank() {
    }

    /** As the watchdog would save it. */
    public static Incident incident() {
        return incident(11);
    }

    /** The same, with the last readings alone. */
    public static Incident incident(int readings) {
        List<GroupSnapshot> window = IntStream.rangeClosed(0, 10).mapToObj(StoppedRank::snapshot).toList();
        Finding found = new Diagnoser().diagnose(window, LIMITS).act().orElseThrow();
        Verdict verdict = new Verdict(1, Tier.ACT, found.kind(), found.rank(), found.callId(), found.confidence(),
                found.victims(), found.reason(), "");
        return new Incident(Incident.SCHEMA, "test", verdict, found.limitNanos(), found.runnerUp(), LIMITS,
                window.subList(window.size() - readings, window.size()), 11,
                new WatchdogHealth(1, 11, TICK, 0, 0, 0, 0), new Timeline(0, TICK, 0, 0, 11 * TICK, 0), List.of());
    }

    private static GroupSnapshot snapshot(int number) {
        RankStatus status = new RankStatus(0, null, 11, 12, Phase.READY, 2, 5, 5, 4, 4, "execute_model", "decode", 9, 9,
                List.of(), null, null);
        long age = number * TICK;
        Ages ages = new Ages(0, 0, 0, age, age, age, number + 1, 0, 0, 0);
        ThreadFacts stopped = new ThreadFacts(11, 'T', 0, 0, 0, "do_signal_stop", "", 0);
        DriverStatus driver = new DriverStatus(null, 1, 2, Phase.READY, 2, 100 + number, 9, 5, 4, 0);
        return new GroupSnapshot(number + 1, TICK + age, 0, "g", 1,
                new DriverSnapshot(driver, ProcessFacts.NONE, Ages.ZERO),
                List.of(new RankSnapshot(status, ProcessFacts.of(false, stopped, null), ages)), List.of(), null,
                List.of());
    }
}
