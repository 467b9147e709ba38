package dev.rollcall.rpc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.GroupDirectory;

/** Starts the workers of a group. Called by the thread that starts the group, once per rank. */
public interface WorkerLauncher {

    /**
     * Starts one worker and returns without waiting for it to be ready.
     *
     * @param spec who it is to be
     * @return the started worker
     * @throws dev.rollcall.shm.RollcallException when it cannot be started
     */
    Handle launch(Spec spec);

    /**
     * Who a worker is to be.
     *
     * @param directory the group's files
     * @param rank      0 to workers - 1
     * @param workers   how many there are
     */
    record Spec(GroupDirectory directory, int rank, int workers) {

        /**
         * What a worker process finds in its environment to join the group, whatever it is written in.
         *
         * @return ROLLCALL_GROUP, ROLLCALL_RANK and ROLLCALL_CLOCK
         */
        public Map<String, String> environment() {
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put(WorkerSettings.GROUP, directory.path().toString());
            environment.put(WorkerSettings.RANK, Integer.toString(rank));
            environment.put(WorkerSettings.CLOCK, SharedClock.stamp());
            return environment;
        }
    }

    /** A started worker. Any thread. */
    interface Handle extends AutoCloseable {

        /**
         * Which rank it is.
         *
         * @return 0 to workers - 1
         */
        int rank();

        /**
         * The process it runs in.
         *
         * @return the process id
         */
        long pid();

        /**
         * Whether the process has ended. Does not block.
         *
         * @return true once it is dead, whether or not its exit status is known yet
         */
        boolean isDead();

        /**
         * Waits for the process to end.
         *
         * @param timeoutNanos how long at most
         * @return whether it is dead
         */
        boolean awaitDeath(long timeoutNanos);

        /**
         * How the process ended. Does not block.
         *
         * @return null while it lives, and for the moment between its death and its last output being read
         */
        @Nullable
        Exit exit();

        /**
         * The last lines the worker printed on stdout and stderr.
         *
         * @return oldest first
         */
        List<String> lastOutput();

        /** Asks the process to end, waking it first if it is stopped. */
        void terminate();

        /** Ends the process whatever it does. */
        void kill();

        /** Releases what the launcher holds for this worker. Its process must be dead. */
        @Override
        void close();
    }

    /**
     * How a process ended.
     *
     * @param status 0 to 255; 128 + n when signal n ended it
     */
    record Exit(int status) {

        private static final Map<Integer, String> NAMES = Map.of(1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL",
                6, "SIGABRT", 7, "SIGBUS", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

        /**
         * The signal that ended the process.
         *
         * @return its number, or 0 when the process ended by itself
         */
        public int signal() {
            return status > 128 && status < 128 + 65 ? status - 128 : 0;
        }

        /**
         * For messages.
         *
         * @return for instance {@code exit=1}, or {@code signal=9 (SIGKILL)}
         */
        @Override
        public String toString() {
            int signal = signal();
            if (signal == 0) {
                return "exit=" + status;
            }
            return "signal=" + signal + " (" + NAMES.getOrDefault(signal, "SIG" + signal) + ")";
        }
    }
}
