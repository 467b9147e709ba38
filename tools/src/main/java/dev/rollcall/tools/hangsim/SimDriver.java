package dev.rollcall.tools.hangsim;

import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.shm.NoSpaceException;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.UnsupportedPlatformException;
import dev.rollcall.shm.board.Verdict;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The driver of a rehearsal, a process of its own: starts the workers, serves the load, tells the stage hand what happens
 * in lines of JSON on standard output, and obeys single words on standard input: {@code load}, {@code rest}, {@code go},
 * {@code cancel}, {@code spin}, {@code drain}. When its standard input ends, so does it: the stage hand is gone.
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
    private final CompletionThread completionThread = new CompletionThread();
    private final CancellableStep steps = new CancellableStep();

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
        ProcessLauncher.Builder workers = ProcessLauncher.of(SimWorker.class);
        StartCache.flags().forEach(workers::jvmFlag);
        if (arguments.heap() > 0) {
            workers.jvmFlag("-Xmx" + arguments.heap() + "m");
        }
        try (SimGroup files = new SimGroup(workers.build(), events); CompletionThread completions = completionThread) {
            CollectiveExecutor executor = CollectiveExecutor.builder(files, arguments.workers()).completeOn(completions)
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
        StepLoop load = new StepLoop(new RequestLedger(memory, arguments.requests()),
                new StepPlan(arguments.load(), arguments.seed()), (step, batch) -> steps.run(executor, step, batch));
        CountDownLatch begin = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("stage-hand").start(() -> obey(executor, load, begin, memory));
        begin.await();
        load.startRequests(arguments.requests());
        Throwable cause = load.run(new StepStats(events), events::failed);
        ended.countDown();
        events.tell("ended", Map.of("cause", cause == null ? "" : cause.getClass().getSimpleName()));
    }

    /** Daemon thread: reads the stage hand's words to the end. */
    private void obey(CollectiveExecutor executor, StepLoop load, CountDownLatch begin, MemorySegment memory) {
        boolean told = StandardInput.forEachLine(word -> {
            switch (word) {
                case "load" -> begin.countDown();
                case "rest" -> load.rest();
                case "go" -> load.go();
                case "cancel" -> steps.cancel();
                case "spin" -> completionThread.spinInstead(
                        () -> new FaultOrder(memory).begin(Fault.DRIVER_SPIN, Verdict.DRIVER));
                case "drain" -> drain(executor, load);
                default -> throw new IllegalArgumentException("unknown word from the stage hand: " + word);
            }
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
        load.go();
        try {
            if (!ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                executor.close(); // a rank hangs and nobody acts: the open requests fail with the group's end
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
