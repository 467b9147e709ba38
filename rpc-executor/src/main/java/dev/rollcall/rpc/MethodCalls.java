package dev.rollcall.rpc;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one method of a group, counted over all epochs: what meters read. Any thread. Counting allocates nothing.
 */
public final class MethodCalls {

    private static final Logger LOG = LoggerFactory.getLogger(MethodCalls.class);

    /** How a call can end. */
    public enum Outcome {
        /** With replies. */
        COMPLETED,
        /** By a rank's exception, a failure of the group or its closing. */
        FAILED,
        /** By its deadline. */
        TIMED_OUT,
        /** By its caller. */
        CANCELLED;

        static Outcome of(Object outcome) {
            return switch (outcome) {
                case CallTimeoutException timeout -> TIMED_OUT;
                case CancellationException cancel -> CANCELLED;
                case Throwable error -> FAILED;
                default -> COMPLETED;
            };
        }
    }

    final String group;
    private final String method;
    private final Map<Outcome, AtomicLong> ended = new EnumMap<>(Outcome.class); // not changed once it is made
    private volatile @Nullable LongConsumer durations;

    MethodCalls(String group, String method) {
        this.group = group;
        this.method = method;
        for (Outcome outcome : Outcome.values()) {
            ended.put(outcome, new AtomicLong());
        }
    }

    /**
     * Which method.
     *
     * @return as callers name it
     */
    public String method() {
        return method;
    }

    /**
     * How many calls ended in this way so far.
     *
     * @param outcome which way
     * @return a number that only grows
     */
    public long ended(Outcome outcome) {
        return counter(outcome).get();
    }

    /**
     * From now on also tells how long each completed call took, in nanoseconds from the caller's call to the last reply.
     * On the completion executor, before the call's own completion: be quick. What it throws is logged.
     *
     * @param nanos told of each completed call, after those that asked before
     */
    public synchronized void onCompleted(LongConsumer nanos) {
        LongConsumer before = durations;
        durations = before == null ? nanos : before.andThen(nanos);
    }

    void count(Object outcome) {
        counter(Outcome.of(outcome)).incrementAndGet();
    }

    private AtomicLong counter(Outcome outcome) {
        return Objects.requireNonNull(ended.get(outcome));
    }

    /** Completion executor. */
    void completed(long nanos) {
        LongConsumer told = durations;
        if (told == null) {
            return;
        }
        try {
            told.accept(nanos);
        } catch (RuntimeException e) {
            LOG.error("listener for durations threw method={}", method, e);
        }
    }
}
