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
        for (Finding finding : findings) {
            if (finding.tier() == Tier.ACT) {
                return Optional.of(finding);
            }
        }
        return Optional.empty();
    }

    /**
     * What is only said so far, excuses included.
     *
     * @return findings of tier SUSPECT, strongest first
     */
    public List<Finding> suspects() {
        // Nearly always there is nothing to be said, and a stream would be most of a tick's work.
        return findings.isEmpty() ? findings : findings.stream().filter(f -> f.tier() == Tier.SUSPECT).toList();
    }
}
