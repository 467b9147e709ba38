package dev.rollcall.stress.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of it.
 *
 * @param violation the invariant that broke, in words; null when it holds in every state
 * @param trace     shortest way there, a line a step
 * @param states    how many were looked at
 */
record Exploration(@Nullable String violation, List<String> trace, int states) {
    boolean holds() {
        return violation == null;
    }

    @Override
    public String toString() {
        return (violation == null ? "holds" : violation + ":\n  " + String.join("\n  ", trace)) + "\nstates=" + states;
    }
}
