package dev.rollcall.rpc;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.RollcallException;

/** A group did not start. What was started is gone again, and so are its files. */
public final class GroupStartException extends RollcallException {

    private static final long serialVersionUID = 1L;

    private final transient List<RankFailure> ranks;

    GroupStartException(String message, List<RankFailure> ranks) {
        super(message + ranks.stream().map(rank -> "\n  " + rank).collect(Collectors.joining()));
        this.ranks = List.copyOf(ranks);
    }

    /**
     * The ranks that did not get ready.
     *
     * @return those that failed, or all that were missing when time was up
     */
    public List<RankFailure> ranks() {
        return ranks;
    }

    /**
     * Why a rank did not get ready.
     *
     * @param rank       which
     * @param reason     how far it came, or type and message of what its {@link Worker#open} threw
     * @param exit       how its process ended; null while it lives
     * @param stack      the stack of what it threw, empty for none
     * @param lastOutput what it printed last, oldest line first
     */
    public record RankFailure(int rank, String reason, WorkerLauncher.@Nullable Exit exit, String stack,
            List<String> lastOutput) {

        /**
         * Copies the lines.
         *
         * @param rank       which
         * @param reason     how far it came, or type and message of what its {@link Worker#open} threw
         * @param exit       how its process ended; null while it lives
         * @param stack      the stack of what it threw, empty for none
         * @param lastOutput what it printed last, oldest line first
         */
        public RankFailure {
            lastOutput = List.copyOf(lastOutput);
        }

        /**
         * For messages: one line, and below it what the worker printed last.
         *
         * @return text without a final line break
         */
        @Override
        public String toString() {
            return "rank=" + rank + " " + (exit == null ? "" : exit + " ") + reason
                    + lastOutput.stream().map(line -> "\n    | " + line).collect(Collectors.joining());
        }
    }
}
