package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges a saved incident again, from its snapshots alone: with the saved limits the verdict must come out the same, with
 * others it shows what they would have said. Pure; any thread.
 *
 * @param limits the limits it was judged with
 * @param same whether the verdict came out the same, in every word, at the same tick
 * @param suspects each one suspected or excused before the verdict, at the tick it was first said
 * @param act the first reason to act up to the tick of the saved verdict, null when there was none
 */
public record Replay(LimitTable limits, boolean same, List<Said> suspects, @Nullable Said act) {

    /** Copies the list. */
    public Replay {
        suspects = List.copyOf(suspects);
    }

    /**
     * A finding and when it was first made.
     *
     * @param tick tick of the snapshot
     * @param atNanos time of the snapshot, on the watchdog's clock then
     * @param finding what was found
     */
    public record Said(long tick, long atNanos, Finding finding) {
    }

    /**
     * With the limits that were in force.
     *
     * @param incident a saved incident
     * @return the same verdict, if the incident is whole
     */
    public static Replay of(Incident incident) {
        return with(incident, incident.limits());
    }

    /**
     * With another floor: fixed times scale with it, what was learned stays.
     *
     * @param incident a saved incident
     * @param floor least limit of a call
     * @return what would have been said, up to the tick of the saved verdict: what came later is its consequence
     */
    public static Replay withFloor(Incident incident, Duration floor) {
        return with(incident, incident.limits().withFloor(floor.toNanos()));
    }

    private static Replay with(Incident incident, LimitTable limits) {
        List<GroupSnapshot> window = new ArrayList<>();
        List<Said> suspects = new ArrayList<>();
        Diagnoser diagnoser = new Diagnoser();
        Said act = null;
        boolean same = false;
        for (GroupSnapshot snapshot : incident.window()) {
            if (snapshot.tick() > incident.verdictTick()) {
                break;
            }
            window.add(snapshot);
            Diagnosis diagnosis = diagnoser.diagnose(window, limits);
            for (Finding finding : diagnosis.suspects()) {
                if (act == null && suspects.stream().noneMatch(said -> said.finding.sameCase(finding))) {
                    suspects.add(new Said(snapshot.tick(), snapshot.atNanos(), finding));
                }
            }
            same = snapshot.tick() == incident.verdictTick() && decided(diagnosis, incident).isPresent();
            if (act == null) {
                act = said(snapshot, same ? decided(diagnosis, incident) : diagnosis.act());
            }
        }
        return new Replay(limits, same, suspects, act);
    }

    private static @Nullable Said said(GroupSnapshot snapshot, Optional<Finding> finding) {
        return finding.map(found -> new Said(snapshot.tick(), snapshot.atNanos(), found)).orElse(null);
    }

    /** The finding the saved verdict was made from. It need not be the first: one may have been decided before. */
    private static Optional<Finding> decided(Diagnosis diagnosis, Incident incident) {
        Verdict verdict = incident.verdict();
        return diagnosis.findings().stream().filter(found -> found.tier() == Tier.ACT)
                .filter(found -> found.kind() == verdict.kind() && found.rank() == verdict.rank()
                        && found.callId() == verdict.callId() && found.victims() == verdict.victims()
                        && found.confidence() == verdict.confidence() && found.reason().equals(verdict.reason())
                        && found.limitNanos() == incident.limitNanos() && found.runnerUp().equals(incident.runnerUp()))
                .findFirst();
    }
}
