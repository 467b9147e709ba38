package dev.rollcall.tools.hangsim;

import dev.rollcall.tools.hangsim.StepPlan.Step;
import java.util.Arrays;
import java.util.List;

/** What the driver asks of the group. */
enum Load {
    /** Decode and prefill steps after a first call of 2 s. */
    MIXED(Step.WARM_UP, Step.DECODE, 0),
    /** Decode steps alone: the watchdog's limit is at its floor. */
    DECODE(Step.DECODE, Step.DECODE, 0),
    /** Quick steps of no declared class; enough of them before anything happens. */
    UNDECLARED(Step.PLAIN, Step.PLAIN, 2_000),
    /** The same behind a first call of 8 s. */
    SLOW_START(Step.SLOW_START, Step.PLAIN, 0);

    private final Step first;
    private final Step usual;
    private final long calls;

    Load(Step first, Step usual, long calls) {
        this.first = first;
        this.usual = usual;
        this.calls = calls;
    }

    Step first() {
        return first;
    }

    /** What comes after it; the mixture has prefill steps besides. */
    Step usual() {
        return usual;
    }

    /** All kinds of step but the first. */
    List<Step> steps() {
        return this == MIXED ? List.of(usual, Step.PREFILL) : List.of(usual);
    }

    /** Calls to be made before anything else happens. */
    long calls() {
        return calls;
    }

    static Load ofName(String name) {
        return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such load: " + name));
    }
}
