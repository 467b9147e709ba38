package dev.rollcall.tools.hangsim;

import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CallResult;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.shm.NoSpaceException;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.UnsupportedPlatformException;
import dev.rollcall.tools.hangsim.StepPlan.Step;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The driver of a rehearsal, a process of its own: starts the workers, serves the load, tells the stage hand what happens
 * in lines of JSON on standard output, and obeys single words on standard input: {@code load}, {@code drain}. When its
 * standard input ends, so does it: the stage hand is gone.
 */
public final class SimDriver {
    /** What others wait before they give up; here only what the watchdog is compared with. */
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(50);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);
    private static final long PATIENCE_MILLIS = 3_000;

    private final DriverArguments arguments;
    private final DriverEvents events;
    private final CountDownLatch ended = new CountDownLatch(1);

    private SimDriver(DriverArguments arguments, DriverEvents events) {
        this.arguments = arguments;
        this.events = events;
    }

    /**
     * Runs until told to end, or until the group fails.
     *
     * @param line {@code name=value}, as the stage hand writes them
     */
    public static void main(String[] line) {
        DriverEvents events = new DriverEvents(System.out);
        int exit = 1;
        try {
            exit = new SimDriver(DriverArguments.parse(line), events).run();
        } catch (NoSpaceException | UnsupportedPlatformException unfit) {
            events.error(unfit, true);
        } catch (RollcallException failed) {
            events.error(failed, false);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        System.exit(exit);
    }

    private int run() throws InterruptedException {
        long start = System.nanoTime();
        try (SimGroup files = new SimGroup(ProcessLauncher.of(SimWorker.class).build(), events)) {
            CollectiveExecutor executor = CollectiveExecutor.builder(files, arguments.workers())
                    .readyTimeout(READY_TIMEOUT).defaultTimeout(CALL_TIMEOUT).drainTimeout(DRAIN_TIMEOUT).start();
            KeptFiles kept = null;
            try (executor) {
                events.tell("ready", Map.of("workers", arguments.workers(), "readyNanos", System.nanoTime() - start));
                serve(executor, files.memory());
                kept = arguments.keep() ? KeptFiles.link(executor.directory()) : null;
            } finally {
                if (kept != null) {
                    kept.restore();
                }
            }
        }
        return 0;
    }

    private void serve(CollectiveExecutor executor, MemorySegment memory) throws InterruptedException {
        StepLoop load = new StepLoop(new RequestLedger(memory, arguments.requests()), new StepPlan(arguments.seed()),
                (step, batch) -> step(executor, step, batch));
        CountDownLatch begin = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("stage-hand").start(() -> obey(executor, load, begin));
        begin.await();
        load.startRequests(arguments.requests());
        Throwable cause = load.run(new StepStats(events), events::failed);
        ended.countDown();
        events.tell("ended", Map.of("cause", cause == null ? "" : cause.getClass().getSimpleName()));
    }

    /** Both calls are on their way before the first is answered; a rank takes them one after the other. */
    private static void step(CollectiveExecutor executor, Step step, int batch)
            throws ExecutionException, InterruptedException {
        CompletableFuture<CallResult> execute = executor.call(SimWorker.EXECUTE, argument(step.nanos()),
                CallOptions.allRanks().inClass(step.costClass()));
        CompletableFuture<CallResult> sample = executor.call(SimWorker.SAMPLE, argument(batch),
                CallOptions.fromRank(0).inClass(step.costClass()));
        CallResult executed = execute.get();
        CallResult sampled = sample.get();
        if (executed.workers() != executor.workers() || sampled.reply(0).byteSize() != (long) batch * Integer.BYTES) {
            throw new ExecutionException(new RollcallException("wrong reply call=" + sampled.callId()));
        }
    }

    private static MemorySegment argument(long value) {
        return MemorySegment.ofArray(new long[]{value});
    }

    /** Daemon thread: reads the stage hand's words to the end. */
    private void obey(CollectiveExecutor executor, StepLoop load, CountDownLatch begin) {
        List<String> known = List.of("load", "drain");
        boolean told = StandardInput.forEachLine(word -> {
            if (!known.contains(word)) {
                throw new IllegalArgumentException("unknown word from the stage hand: " + word);
            }
            if (word.equals("drain")) {
                drain(executor, load);
            }
            begin.countDown();
        });
        if (told) {
            // End of input: whoever started this process is gone.
            load.stop();
            begin.countDown();
            executor.close();
        }
    }

    private void drain(CollectiveExecutor executor, StepLoop load) {
        load.stop();
        try {
            if (!ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                executor.close(); // a rank hangs and nobody acts: the open requests fail with the group's end
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
