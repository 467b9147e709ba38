package dev.rollcall.tools.hangsim;

import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CallResult;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.hangsim.StepPlan.Step;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One step of the engine as calls to the group; a step that is cancelled is made again. The step loop's thread. */
final class CancellableStep {
    private volatile List<CompletableFuture<CallResult>> underWay = List.of();

    /** Any thread: cancels the calls of the step under way. */
    void cancel() {
        underWay.forEach(call -> call.cancel(false));
    }

    void run(CollectiveExecutor executor, Step step, int batch) throws ExecutionException, InterruptedException {
        run(executor, step, step.nanos(), batch);
    }

    void run(CollectiveExecutor executor, Step step, long nanos, int batch)
            throws ExecutionException, InterruptedException {
        boolean cancelled;
        do {
            cancelled = !tryOnce(executor, step, nanos, batch);
        } while (cancelled);
    }

    /** Both calls are on their way before the first is answered; a rank takes them one after the other. */
    private boolean tryOnce(CollectiveExecutor executor, Step step, long nanos, int batch)
            throws ExecutionException, InterruptedException {
        CompletableFuture<CallResult> execute = executor.call(SimWorker.EXECUTE, argument(nanos),
                CallOptions.allRanks().inClass(step.costClass()));
        CompletableFuture<CallResult> sample = executor.call(SimWorker.SAMPLE, argument(batch),
                CallOptions.fromRank(0).inClass(step.costClass()));
        underWay = List.of(execute, sample);
        try {
            CallResult executed = execute.get();
            CallResult sampled = sample.get();
            if (executed.workers() != executor.workers()
                    || sampled.reply(0).byteSize() != (long) batch * Integer.BYTES) {
                throw new ExecutionException(new RollcallException("wrong reply call=" + sampled.callId()));
            }
            return true;
        } catch (CancellationException again) {
            return false;
        }
    }

    private static MemorySegment argument(long value) {
        return MemorySegment.ofArray(new long[]{value});
    }
}
