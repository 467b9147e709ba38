package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Tier;
import java.util.List;
import java.util.Optional;

/**
 * What the diagnoser concludes from one window. Immutable, any thread.
 *
 * @param findings strongest first
 * @param wantsDetail something is unusual enough to read everything there is in the next tick
 */
public record Diagnosis(List<Finding> findings, boolean wantsDetail) {

    /** Copies the list. */
    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /**
     * The strongest reason to act.
     *
     * @return a finding of tier ACT, if there is one
     */
    public Optional<Finding> act() {
        return findings.stream().filter(f -> f.tier() == Tier.ACT).findFirst();
    }

    /**
     * What is only said so far, excuses included.
     *
     * @return findings of tier SUSPECT, strongest first
     */
    public List<Finding> suspects() {
        return findings.stream().filter(f -> f.tier() == Tier.SUSPECT).toList();
    }
}
