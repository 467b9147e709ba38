package dev.rollcall.tools.hangsim;

import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.ThreadLauncher;
import dev.rollcall.tools.console.Progress;
import dev.rollcall.tools.console.Style;
import dev.rollcall.tools.hangsim.StepPlan.Step;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the processes of a rehearsal do until it is under way, once, on threads of this process: so that a start cache can be
 * made of it. One thread.
 */
public final class DryRun {
    private static final int WORKERS = 2;
    private static final int STEPS = 100;
    private static final long STEP_NANOS = 200_000;

    private DryRun() {
    }

    /**
     * Starts a group, serves a little load, ends.
     *
     * @param watchdog watches the group in this folder until it ends
     * @param visitor  looks at the group in this folder while it lives and is watched
     * @throws IOException          when no process could be started
     * @throws InterruptedException when interrupted
     */
    public static void run(Consumer<Path> watchdog, Consumer<Path> visitor) throws IOException, InterruptedException {
        int _ = new ProcessBuilder("true").start().waitFor();
        DriverEvents events =
                new DriverEvents(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        Thread watching;
        try (SimGroup files = new SimGroup(ThreadLauncher.of(SimWorker::new), events);
                CollectiveExecutor executor = CollectiveExecutor.builder(files, WORKERS).start()) {
            events.tell("ready", Map.of("workers", WORKERS));
            Path folder = executor.directory();
            watching = Thread.ofPlatform().start(() -> watchdog.accept(folder));
            look(folder);
            int[] done = {0};
            StepLoop[] load = {null};
            CancellableStep step = new CancellableStep();
            load[0] = new StepLoop(new RequestLedger(files.memory(), 1), new StepPlan(Load.MIXED, 1), (_, batch) -> {
                step.run(executor, Step.DECODE, STEP_NANOS, batch);
                if (++done[0] == STEPS) {
                    load[0].stop();
                }
            });
            load[0].startRequests(1);
            Throwable _ = load[0].run(new StepStats(events), events::failed);
            visitor.accept(folder);
        }
        watching.join();
    }

    /** As the stage hand does. */
    private static void look(Path folder) {
        Screen screen = new Screen(System.out, System.out, new Progress(System.err, Style.isTerminal()), () -> false);
        try (Scene scene = new Scene(folder)) {
            scene.meetWorkers();
            boolean _ = screen.await(10_000_000_000L, "waiting for the watchdog ...",
                    () -> scene.board().watchdog().process() != null);
        }
    }
}
