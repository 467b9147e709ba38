package dev.rollcall.rpc;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What holds for every call of one method. Immutable; start at {@link #defaults()}.
 *
 * @param timeout     how long callers wait that name no timeout of their own; null for the group's default
 * @param idempotent  whether a call that was in flight when the group restarted is made again in the new epoch. Its
 *                    arguments are copied to the heap for that
 * @param fatalErrors whether an exception of the handler on any rank takes the group down: for methods after which ranks
 *                    no longer agree with each other
 */
public record MethodOptions(@Nullable Duration timeout, boolean idempotent, boolean fatalErrors) {

    private static final MethodOptions DEFAULTS = new MethodOptions(null, false, false);

    /**
     * Checks the values.
     *
     * @param timeout     positive, or null
     * @param idempotent  whether it may run twice
     * @param fatalErrors whether an exception takes the group down
     */
    public MethodOptions {
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new IllegalArgumentException("a call needs time timeout=" + timeout);
        }
    }

    /**
     * As for a method nothing was said about.
     *
     * @return the group's default timeout, neither idempotent nor fatal
     */
    public static MethodOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another default timeout.
     *
     * @param limit how long callers wait
     * @return new options
     */
    public MethodOptions within(Duration limit) {
        return new MethodOptions(limit, idempotent, fatalErrors);
    }

    /**
     * The same, declared to do no harm when it runs twice.
     *
     * @return new options
     */
    public MethodOptions retried() {
        return new MethodOptions(timeout, true, fatalErrors);
    }

    /**
     * The same, with exceptions that take the group down.
     *
     * @return new options
     */
    public MethodOptions fatal() {
        return new MethodOptions(timeout, idempotent, true);
    }
}
