package dev.rollcall.watchdog;

/**
 * The last word before a verdict is acted on, for an embedder who knows better: a migration under way, say. Asked once per
 * case, on a thread of its own; the watchdog goes on if no answer comes within 0.1 s, or an exception does. A case that is
 * vetoed is said and saved as if observing.
 */
@FunctionalInterface
public interface Veto {
    /**
     * Whether not to act.
     *
     * @param finding who and why
     * @return true to forbid it
     * @throws Exception when it cannot tell, which forbids nothing
     */
    boolean forbids(Finding finding) throws Exception;
}
