package dev.rollcall.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** What the README shows of commands as workers, so that it compiles and runs. */
final class CommandExample {

    private CommandExample() {
    }

    // example
    /** Workers that are no JVMs: each finds in its environment which group and rank it is. */
    static String ask(Path worker) throws InterruptedException, ExecutionException {
        CommandLauncher launcher = CommandLauncher.of("python3", worker.toString()).environment("MODEL", "tiny");
        try (CollectiveExecutor group = CollectiveExecutor.builder(launcher, 2).start()) {
            MemorySegment words = MemorySegment.ofArray("hello".getBytes(UTF_8));
            CallResult result = group.call("echo", words, CallOptions.allRanks()).get();
            return new String(result.reply(1).toArray(ValueLayout.JAVA_BYTE), UTF_8);
        }
    }
    // end of example
}
