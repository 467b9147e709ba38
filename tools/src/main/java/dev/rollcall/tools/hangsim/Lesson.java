package dev.rollcall.tools.hangsim;

import dev.rollcall.tools.hangsim.StepPlan.Step;
import org.jspecify.annotations.Nullable;

/**
 * What the watchdog must have learned before the fault: a hang that it finds by the limit of a call has no verdict for
 * minutes in a step of a kind that is new to it. Stage hand's thread.
 */
final class Lesson {
    private final SimOptions options;

    Lesson(SimOptions options) {
        this.options = options;
    }

    /** The kind of step to wait for; the usual one when none was asked for. */
    Step step() {
        Step asked = options.within();
        return asked == null ? options.load().usual() : asked;
    }

    boolean isLearned(Watch watch) {
        return !options.fault().needsLimit() || watch.isLearned(step());
    }

    /** The kind of step to strike in, null for any: any, when there is a limit for each. */
    @Nullable
    Step within(Watch watch) {
        boolean any = options.within() == null
                && (!options.fault().needsLimit() || options.load().steps().stream().allMatch(watch::isLearned));
        return any ? null : step();
    }
}
