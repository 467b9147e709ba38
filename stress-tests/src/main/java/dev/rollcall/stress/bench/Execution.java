package dev.rollcall.stress.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that was run to its end, or killed with all its descendants when that took too long.
 *
 * @param status exit status; -1 when it could not be started, -2 when it was killed
 * @param out    standard output
 * @param err    standard error
 */
record Execution(int status, String out, String err) {
    static final int NOT_STARTED = -1;
    static final int KILLED = -2;

    static Execution of(List<String> command, Map<String, String> environment, long seconds)
            throws InterruptedException {
        try {
            // Files, not pipes: nobody has to read along on a core that is being measured.
            Path out = Files.createTempFile("rollcall-compare-", ".out");
            Path err = Files.createTempFile("rollcall-compare-", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                int status = run(builder.start(), seconds);
                return new Execution(status, Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            return new Execution(NOT_STARTED, "", String.valueOf(e.getMessage()));
        }
    }

    private static int run(Process process, long seconds) throws InterruptedException {
        Thread hook = Thread.ofPlatform().unstarted(() -> kill(process));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            process.getOutputStream().close();
            if (process.waitFor(seconds, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            return KILLED;
        } catch (IOException e) {
            return KILLED;
        } finally {
            kill(process);
            removeHook(hook);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            Thread.currentThread().interrupt(); // going down: the hook runs
        }
    }

    private static void kill(Process process) {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** The end of what it said, for a message. */
    String lastWords() {
        String text = (err.isBlank() ? out : err).strip();
        return "status=" + status + " " + text.substring(Math.max(0, text.length() - 300)).replaceAll("\\s+", " ");
    }
}
