package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.Ages;
import dev.rollcall.watchdog.DriverSnapshot;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.LimitTable;
import dev.rollcall.watchdog.ProcessFacts;
import dev.rollcall.watchdog.RankSnapshot;
import dev.rollcall.watchdog.ThreadFacts;
import dev.rollcall.watchdog.Timeline;
import dev.rollcall.watchdog.WatchdogHealth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A made-up incident, written into memory once. The first real one would otherwise pay for loading every class of the
 * JSON library and the reports, at the very moment when the machine is in trouble.
 */
final class Rehearsal {
    private static final long TICK_NANOS = 50_000_000L;
    private static final int TICKS = 60;

    private Rehearsal() {
    }

    static void run(ProcText proc, Path procFolder) throws IOException {
        Incident incident = incident();
        IncidentJson.write(WindowThinning.thin(incident));
        Evidence evidence = new Evidence();
        evidence.machine.putAll(MachineFacts.read(procFolder, Path.of("/sys/fs/cgroup")));
        evidence.stacks.put(0, proc.of((int) ProcessHandle.current().pid()));
        Story story = new Story(incident, TICK_NANOS * TICKS);
        TextReport.of(story, evidence);
        HtmlReport.of(story, evidence);
    }

    private static Incident incident() {
        List<GroupSnapshot> window = new ArrayList<>();
        for (long tick = 1; tick <= TICKS; tick++) {
            RankStatus rank =
                    new RankStatus(0, null, 1, 2, Phase.READY, 1, tick, tick, tick - 1, tick - 1, "method", "",
                            tick, tick, List.of(), null, null);
            DriverStatus driver = new DriverStatus(null, 1, 2, Phase.READY, 1, tick, tick, tick, tick - 1, 0);
            ProcessFacts facts = ProcessFacts.of(false, new ThreadFacts(1, 'S', 0, 0, 0, "", "", 0), null);
            window.add(new GroupSnapshot(tick, tick * TICK_NANOS, 0, "rehearsal", 1,
                    new DriverSnapshot(driver, facts, Ages.ZERO), List.of(new RankSnapshot(rank, facts, Ages.ZERO)),
                    List.of(new InFlightCall(tick, "method", "", -1, TICK_NANOS)), null, List.of()));
        }
        Verdict verdict = new Verdict(1, Tier.ACT, HangKind.BLOCKED, 0, TICKS, 1, 0, "rehearsal", "");
        long end = TICKS * TICK_NANOS;
        return new Incident(Incident.SCHEMA, "", verdict, TICK_NANOS, "", new LimitTable(TICK_NANOS, TICK_NANOS, 1,
                List.of()), window, TICKS, new WatchdogHealth(1, TICKS, TICK_NANOS, 0, 0, 0, 0),
                new Timeline(1, end / 2, end / 2, end / 2, end, 0), List.of());
    }
}
