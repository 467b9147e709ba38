package dev.rollcall.rpc;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Verdict;

/**
 * Why a group takes no more calls. Each call gets an exception of its own: one shared object would collect suppressed
 * ones.
 */
sealed interface FailureCause {

    RollcallException forCall(String call);

    /** As the watchdog said. */
    record Hung(Verdict verdict) implements FailureCause {

        @Override
        public RollcallException forCall(String call) {
            return new WorkerHungException(verdict, call);
        }
    }

    /** As the kernel said. */
    record Died(int rank, WorkerLauncher.@Nullable Exit exit, List<String> lastOutput) implements FailureCause {

        @Override
        public RollcallException forCall(String call) {
            return new WorkerDiedException(rank, exit, lastOutput, call);
        }
    }

    /** A rank wrote what no rank may write, or the collector itself failed (rank -1). */
    record Broken(int rank, String what, @Nullable Throwable error) implements FailureCause {

        @Override
        public RollcallException forCall(String call) {
            String message = what + (rank < 0 ? " " : " rank=" + rank + " ") + call;
            return error == null ? new RollcallException(message) : new RollcallException(message, error);
        }
    }

    /** A method whose exceptions are declared fatal threw; the call that did has the details. */
    record Fatal(int rank, String type, String message, long callId, String call) implements FailureCause {

        @Override
        public RollcallException forCall(String other) {
            return new FatalErrorException(rank, type, message, call, other);
        }
    }

    /** The owner wished for a new epoch. */
    record Restarted(String group, int epoch) implements FailureCause {

        @Override
        public RollcallException forCall(String call) {
            return new GroupRestartedException(
                    "group was restarted group=" + group + " endedEpoch=" + epoch + " " + call);
        }
    }

    /** A new epoch could not be started. */
    record NotStarted(String group, Throwable error) implements FailureCause {

        @Override
        public RollcallException forCall(String call) {
            return new RollcallException(
                    "group could not be restarted group=" + group + " " + call + ": " + error.getMessage(), error);
        }
    }

    /** As the owner wished. */
    record Closed(String group) implements FailureCause {

        @Override
        public RollcallException forCall(String call) {
            return new GroupClosedException("group is closed group=" + group + " " + call);
        }
    }
}
