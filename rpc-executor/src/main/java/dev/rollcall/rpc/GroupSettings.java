package dev.rollcall.rpc;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;

import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RingConfig;

/**
 * The checked settings of a group; what they mean stands at {@link CollectiveExecutorBuilder}.
 *
 * @param launcher  starts workers
 * @param workers   how many
 * @param group     name
 * @param sizes     of what is shared
 * @param timeouts  of everything that waits
 * @param methods   what was declared of some
 * @param restart   null: a failed group stays failed
 * @param execution what runs where
 * @param listener  who is told
 */
record GroupSettings(WorkerLauncher launcher, int workers, String group, Sizes sizes, Timeouts timeouts,
        Map<String, MethodOptions> methods, @Nullable RestartPolicy restart, Execution execution,
        GroupListener listener) {

    static final int MAX_WORKERS = 64;
    /** A message lies in one Java array on either side. */
    private static final long MAX_MESSAGE = (1L << 31) - (1 << 20);

    /** Bytes of the rings and of the longest message; calls in flight at once. */
    record Sizes(long requestBytes, long replyBytes, long maxMessage, int window) {
    }

    /** How long things may take. */
    record Timeouts(Duration ready, Duration call, Duration drain, Duration stop, Duration evidence) {
    }

    /** Null completion and idle: the group's own. */
    record Execution(@Nullable Executor completion, GroupThreads threads, @Nullable IdleStrategy idle, boolean invoked,
            boolean closeOnShutdown) {
    }

    String thread(String role) {
        return "rollcall-" + group + "-" + role;
    }

    MethodOptions method(String name) {
        MethodOptions declared = methods.get(name);
        return declared != null ? declared : MethodOptions.defaults();
    }

    /** The call's own, or the method's, or the group's. */
    long timeoutNanos(CallOptions options, MethodOptions method) {
        Duration timeout = options.timeout() != null ? options.timeout() : method.timeout();
        return nanos(timeout != null ? timeout : timeouts.call());
    }

    /** Longer than any way through closing takes. */
    long closeBoundNanos() {
        return nanos(timeouts.drain().plus(timeouts.stop()).plus(timeouts.evidence()).plusSeconds(7));
    }

    /** Saturates. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Every effective value. */
    @Override
    public String toString() {
        return "group=" + group + " workers=" + workers + " " + sizes + " " + timeouts + " methods=" + methods
                + " restart=" + restart + " invoked=" + execution.invoked() + " closeOnShutdown="
                + execution.closeOnShutdown() + " launcher=" + launcher;
    }

    /** The settings while they are being made: property, or else default, until the builder says otherwise. */
    static final class Draft {

        final WorkerLauncher launcher;
        final int workers;
        final Map<String, MethodOptions> methods = new HashMap<>();
        String group = GroupDirectory.newName();
        long requestBytes;
        long replyBytes;
        long maxMessage;
        int window;
        Duration readyTimeout;
        Duration defaultTimeout;
        Duration drainTimeout;
        Duration stopTimeout;
        Duration evidenceTimeout;
        @Nullable
        RestartPolicy restart;
        @Nullable
        Executor completion;
        GroupThreads threads = GroupThreads.DAEMONS;
        @Nullable
        IdleStrategy idle;
        GroupListener listener = new GroupListener() {
        };
        boolean invoked;
        boolean closeOnShutdown;

        Draft(WorkerLauncher launcher, int workers, GroupProperties properties) {
            this.launcher = Objects.requireNonNull(launcher, "launcher");
            this.workers = workers;
            requestBytes = properties.bytes("request.bytes", 4 << 20);
            replyBytes = properties.bytes("reply.bytes", 1 << 20);
            maxMessage = properties.bytes("message.bytes", RingConfig.DEFAULT_MAX_MESSAGE);
            window = (int) Math.min(Integer.MAX_VALUE, properties.number("window", 1024));
            readyTimeout = properties.duration("ready.timeout", Duration.ofMinutes(10));
            defaultTimeout = properties.duration("call.timeout", Duration.ofSeconds(60));
            drainTimeout = properties.duration("drain.timeout", Duration.ofSeconds(5));
            stopTimeout = properties.duration("stop.timeout", Duration.ofSeconds(2));
            evidenceTimeout = properties.duration("evidence.timeout", Duration.ofSeconds(2));
            restart = properties.restart();
            closeOnShutdown = properties.flag("close.on.shutdown", true);
        }

        GroupSettings check() {
            if (workers < 1 || workers > MAX_WORKERS) {
                throw new IllegalArgumentException("workers=" + workers + " min=1 max=" + MAX_WORKERS);
            }
            if (window < 1) {
                throw new IllegalArgumentException("window=" + window + " min=1");
            }
            if (maxMessage < 0 || maxMessage > MAX_MESSAGE) {
                throw new IllegalArgumentException("maxMessage=" + maxMessage + " max=" + MAX_MESSAGE);
            }
            positive("readyTimeout", readyTimeout);
            positive("defaultTimeout", defaultTimeout);
            notNegative("drainTimeout", drainTimeout);
            notNegative("stopTimeout", stopTimeout);
            notNegative("evidenceTimeout", evidenceTimeout);
            if (invoked && idle != null) {
                throw new IllegalArgumentException("invoked() leaves idling to the caller's loop idleStrategy=" + idle);
            }
            return new GroupSettings(launcher, workers, group, new Sizes(requestBytes, replyBytes, maxMessage, window),
                    new Timeouts(readyTimeout, defaultTimeout, drainTimeout, stopTimeout, evidenceTimeout),
                    Map.copyOf(methods), restart, new Execution(completion, threads, idle, invoked, closeOnShutdown),
                    listener);
        }

        private static void positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + " must be positive " + name + "=" + value);
            }
        }

        private static void notNegative(String name, Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(name + " must not be negative " + name + "=" + value);
            }
        }
    }
}
