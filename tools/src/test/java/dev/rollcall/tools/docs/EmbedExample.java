package dev.rollcall.tools.docs;

import dev.rollcall.rpc.CallContext;
import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.rpc.Worker;
import dev.rollcall.rpc.WorkerHungException;
import dev.rollcall.watchdog.Watchdog;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** What the README shows, so that it compiles and runs. */
final class EmbedExample {
    private EmbedExample() {
    }

    // example
    /** One of these runs in each worker process; everything it does between start and return is watched. */
    public static final class Model implements Worker {
        @Override
        public MemorySegment call(CallContext call) {
            return switch (call.method()) {
                case "execute_model" -> call.arguments(); // run the step; here it only echoes
                default -> throw new IllegalArgumentException("unknown method " + call.method());
            };
        }
    }

    static String serve(int workers, Path incidents) throws Exception {
        ProcessLauncher launcher = ProcessLauncher.of(Model.class).build();
        try (CollectiveExecutor group = CollectiveExecutor.builder(launcher, workers).start();
                Watchdog watchdog = Watchdog.builder(group.directory()).incidents(incidents).build()) {
            Thread watching = Thread.ofPlatform().daemon().name(watchdog.roleName()).start(watchdog::run);
            try {
                CallOptions decode = CallOptions.allRanks().within(Duration.ofSeconds(10)).inClass("decode");
                MemorySegment step = MemorySegment.ofArray("a step".getBytes(StandardCharsets.UTF_8));
                MemorySegment reply = group.call("execute_model", step, decode).get().reply(0);
                return new String(reply.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            } catch (ExecutionException e) {
                // who, how and why, about a second after the hang once calls of its kind are known; evidence in incidents
                throw e.getCause() instanceof WorkerHungException hung ? hung : e;
            } finally {
                watching.interrupt();
                watching.join();
            }
        }
    }
    // end of example
}
