package dev.rollcall.stress.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A command that was run to its end, or ended with all its descendants when that took too long or this process is told to end.
 *
 * @param status exit status; -1 when it could not be started, -2 when it was killed
 * @param out    standard output
 * @param err    standard error
 */
record Execution(int status, String out, String err) {
    static final int NOT_STARTED = -1;
    static final int KILLED = -2;
    private static final long GRACE_SECONDS = 2;

    static Execution of(List<String> command, Map<String, String> environment, long seconds)
            throws InterruptedException {
        Running running = new Running();
        Thread hook = Thread.ofPlatform().unstarted(running::end);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                return running.run(command, environment, seconds);
            } finally {
                running.end();
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        } catch (IllegalStateException e) {
            throw new InterruptedException("told to end"); // the hook runs: what was cut off is no run
        } catch (IOException e) {
            return new Execution(NOT_STARTED, "", String.valueOf(e.getMessage()));
        }
    }

    /** The process and its files. The caller's thread and the shutdown hook: whatever is begun, is ended. */
    private static final class Running {
        private final List<Path> files = new ArrayList<>();
        private @Nullable Process process;
        private boolean over;

        Execution run(List<String> command, Map<String, String> environment, long seconds)
                throws IOException, InterruptedException {
            // Files, not pipes: nobody has to read along on a core that is being measured.
            Path out = file(".out");
            Path err = file(".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process started = start(builder);
            started.getOutputStream().close();
            int status = started.waitFor(seconds, TimeUnit.SECONDS) ? started.exitValue() : KILLED;
            stop();
            return new Execution(status, Files.readString(out), Files.readString(err));
        }

        private synchronized Path file(String suffix) throws IOException {
            expectNotOver();
            Path file = Files.createTempFile("rollcall-compare-", suffix);
            files.add(file);
            return file;
        }

        private synchronized Process start(ProcessBuilder builder) throws IOException {
            expectNotOver();
            process = builder.start();
            return process;
        }

        private void expectNotOver() {
            if (over) {
                throw new IllegalStateException("told to end");
            }
        }

        /** Asked first: a peer then removes what it has put into shared memory. What the product leaves its next start sweeps. */
        private synchronized void stop() {
            Process begun = process;
            if (begun == null) {
                return;
            }
            List<ProcessHandle> all = begun.descendants().toList();
            begun.destroy();
            await(begun.onExit());
            begun.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
            await(begun.onExit()); // nothing of it beside what is measured next
            all.forEach(child -> await(child.onExit()));
        }

        private static void await(CompletableFuture<?> exit) {
            exit.completeOnTimeout(null, GRACE_SECONDS, TimeUnit.SECONDS).join();
        }

        synchronized void end() {
            over = true;
            stop();
            for (Path file : files) {
                if (!file.toFile().delete() && Files.exists(file)) {
                    System.err.println("rollcall: cannot delete " + file);
                }
            }
        }
    }

    /** The end of what it said, for a message. */
    String lastWords() {
        String text = (err.isBlank() ? out : err).strip();
        return "status=" + status + " " + text.substring(Math.max(0, text.length() - 300)).replaceAll("\\s+", " ");
    }
}
