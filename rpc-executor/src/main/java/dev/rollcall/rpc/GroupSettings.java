package dev.rollcall.rpc;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.GroupDirectory;

/** The checked settings of a group; what they mean stands at {@link CollectiveExecutorBuilder}. */
record GroupSettings(WorkerLauncher launcher, int workers, String group, long requestBytes, long replyBytes,
        Duration readyTimeout, Duration defaultTimeout, Duration drainTimeout, Duration stopTimeout,
        Duration evidenceTimeout, @Nullable Executor completion, GroupListener listener, boolean invoked,
        boolean closeOnShutdown) {

    static final int MAX_WORKERS = 64;
    private static final int FIRST_EPOCH = 1;

    String thread(String role) {
        return "rollcall-" + group + "-" + role;
    }

    GroupFiles createFiles() {
        return new GroupFiles(group, FIRST_EPOCH, workers, requestBytes, replyBytes);
    }

    /** Longer than any way through closing takes. */
    long closeBoundNanos() {
        return nanos(drainTimeout.plus(stopTimeout).plus(evidenceTimeout).plusSeconds(5));
    }

    /** Saturates. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public String toString() {
        return "group=" + group + " workers=" + workers + " requestBytes=" + requestBytes + " replyBytes=" + replyBytes
                + " readyTimeout=" + readyTimeout + " defaultTimeout=" + defaultTimeout + " drainTimeout="
                + drainTimeout
                + " stopTimeout=" + stopTimeout + " evidenceTimeout=" + evidenceTimeout + " invoked=" + invoked
                + " closeOnShutdown=" + closeOnShutdown;
    }

    /** The settings while they are being made. */
    static final class Draft {

        final WorkerLauncher launcher;
        final int workers;
        String group = GroupDirectory.newName();
        long requestBytes = 4 << 20;
        long replyBytes = 1 << 20;
        Duration readyTimeout = Duration.ofMinutes(10);
        Duration defaultTimeout = Duration.ofSeconds(60);
        Duration drainTimeout = Duration.ofSeconds(5);
        Duration stopTimeout = Duration.ofSeconds(2);
        Duration evidenceTimeout = Duration.ofSeconds(2);
        @Nullable
        Executor completion;
        GroupListener listener = new GroupListener() {
        };
        boolean invoked;
        boolean closeOnShutdown = true;

        Draft(WorkerLauncher launcher, int workers) {
            this.launcher = Objects.requireNonNull(launcher, "launcher");
            this.workers = workers;
        }

        GroupSettings check() {
            if (workers < 1 || workers > MAX_WORKERS) {
                throw new IllegalArgumentException("workers=" + workers + " min=1 max=" + MAX_WORKERS);
            }
            positive("readyTimeout", readyTimeout);
            positive("defaultTimeout", defaultTimeout);
            notNegative("drainTimeout", drainTimeout);
            notNegative("stopTimeout", stopTimeout);
            notNegative("evidenceTimeout", evidenceTimeout);
            return new GroupSettings(launcher, workers, group, requestBytes, replyBytes, readyTimeout, defaultTimeout,
                    drainTimeout, stopTimeout, evidenceTimeout, completion, listener, invoked, closeOnShutdown);
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
