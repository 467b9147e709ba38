package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Does once what every worker does, so that an {@link AotCache} can be made of it: a group on threads of this process,
 * some calls, the end.
 */
final class WorkerTraining {

    private static final int CALLS = 200;

    private WorkerTraining() {
    }

    /**
     * Runs and exits.
     *
     * @param line ignored
     */
    public static void main(String[] line) {
        // What only a process of its own does.
        WorkerSettings _ = WorkerSettings.of(Map.of(WorkerSettings.GROUP, "/", WorkerSettings.RANK, "0"),
                WorkerProcess.class.getName(), "name=value");
        MemorySegment arguments = MemorySegment.ofArray(new byte[1024]);
        try (CollectiveExecutor group =
                CollectiveExecutor.builder(ThreadLauncher.of(() -> CallContext::arguments), 2).start()) {
            for (int i = 0; i < CALLS; i++) {
                CallResult _ = group.call("train", arguments).join();
            }
        }
    }
}
