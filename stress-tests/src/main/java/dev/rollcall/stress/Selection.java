package dev.rollcall.stress;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Some tests, and how they are run.
 *
 * @param name       of the folder for its report
 * @param tests      regex of their names
 * @param everyJit   in each combination of interpreter and compilers, instead of as the JVM likes
 * @param iterations per fork
 * @param millis     per iteration
 */
record Selection(String name, String tests, boolean everyJit, int iterations, int millis) {

    /** Once more, for twins that got away. */
    Selection again(Collection<String> names, int attempt) {
        String exactly = names.stream().map(Pattern::quote).collect(Collectors.joining("|", "^(", ")$"));
        return new Selection("again-" + attempt, exactly, false, 4 * attempt, 4 * millis);
    }

    /**
     * One fork each: many short runs find more than few long ones. Few states at a time, because each has files and mappings.
     * Threads are pinned to processors only in long runs: on a busy machine the smoke set does better where there is room.
     */
    List<String> options() {
        return List.of("-t", tests, "-sc", Boolean.toString(everyJit), "-iters", Integer.toString(iterations),
                "-time", Integer.toString(millis), "-f", "1", "-fsm", "1", "-strideSize", "32", "-strideCount", "4",
                "-hs", "128", "-pth", "false", "-spinStyle", "THREAD_YIELD", "-af", everyJit ? "LOCAL" : "NONE");
    }
}
