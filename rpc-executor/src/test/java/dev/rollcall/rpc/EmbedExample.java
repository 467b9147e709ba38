package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What the README shows, so that it compiles and runs. */
final class EmbedExample {

    private EmbedExample() {
    }

    // example
    /** Runs in each worker process. */
    public static final class Model implements Worker {

        private int rank;

        @Override
        public void open(WorkerContext context) {
            rank = context.rank(); // load the shard; the group is ready when all ranks are
        }

        @Override
        public MemorySegment call(CallContext call) {
            return switch (call.method()) {
                case "execute_model" -> call.arguments(); // run the step; here it only echoes
                case "kv_stats" -> MemorySegment.ofArray(new byte[]{(byte) rank});
                default -> throw new UnknownMethodException(call.method());
            };
        }
    }

    /** Takes the place of an executor's queues, processes and monitor. */
    public static final class Executor implements AutoCloseable {

        private final CollectiveExecutor group;

        public Executor(int workers, Runnable engineDead) {
            ProcessLauncher launcher = ProcessLauncher.of(Model.class).jvmFlag("-Xmx256m").build();
            group = CollectiveExecutor.builder(launcher, workers)
                    .readyTimeout(Duration.ofMinutes(10))
                    .window(2) // batches in flight
                    .method("execute_model", MethodOptions.defaults().within(Duration.ofSeconds(60)).fatal())
                    .method("kv_stats", MethodOptions.defaults().within(Duration.ofSeconds(5)).retried())
                    .listener(new GroupListener() {
                        @Override
                        public void failed(Failure failure) {
                            engineDead.run(); // every call has its outcome by now; processes end after this
                        }
                    })
                    .start();
        }

        /** All ranks run the step, rank 0 replies. */
        public CompletableFuture<CallResult> executeModel(MemorySegment batch, boolean prefill) {
            CallOptions options = CallOptions.fromRank(0).inClass(prefill ? "prefill" : "decode");
            return group.call("execute_model", batch, options);
        }

        /** All ranks reply, rank 0 carries the base. */
        public CompletableFuture<Integer> kvBlocks() {
            return group.aggregate("kv_stats", MemorySegment.NULL, CallOptions.fromRank(0), (replies, base) -> {
                int sum = 0;
                for (int rank = 0; rank < replies.workers(); rank++) {
                    sum += replies.reply(rank).get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0);
                }
                return sum;
            });
        }

        public boolean isHealthy() {
            return group.checkHealth(Duration.ofSeconds(10)).isWell();
        }

        @Override
        public void close() {
            group.close();
        }
    }

    static long serve(MemorySegment batch) throws InterruptedException, ExecutionException {
        try (Executor executor = new Executor(2, () -> System.err.println("engine dead"))) {
            long bytes = executor.executeModel(batch, true).get().reply(0).byteSize();
            return executor.isHealthy() ? bytes + executor.kvBlocks().get() : -1;
        }
    }
    // end of example
}
