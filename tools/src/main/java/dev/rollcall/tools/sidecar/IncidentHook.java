package dev.rollcall.tools.sidecar;

import dev.rollcall.shm.board.Verdict;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command of the user's for each verdict once its evidence is saved, on a thread of its own, one at a time, each for
 * a bounded time. What it is told comes in its environment, so that nothing of an incident is ever part of a command line.
 */
final class IncidentHook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentHook.class);
    private static final int QUEUED = 16;

    private final String command;
    private final String group;
    private final long boundMillis;
    private final ExecutorService runner = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUED), Thread.ofPlatform().daemon().name("on-incident").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    IncidentHook(String command, String group, long boundMillis) {
        this.command = command;
        this.group = group;
        this.boundMillis = boundMillis;
    }

    void sealed(Verdict verdict) {
        runner.execute(() -> run(verdict));
    }

    private void run(Verdict verdict) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).redirectInput(Redirect.from(new File(
                "/dev/null"))).redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);
        builder.environment().putAll(Map.of("ROLLCALL_INCIDENT", verdict.incident(), "ROLLCALL_KIND",
                verdict.kind().name(), "ROLLCALL_WHO", verdict.who(), "ROLLCALL_REASON", verdict.reason(),
                "ROLLCALL_GROUP", group));
        try {
            Process process = builder.start();
            if (process.waitFor(boundMillis, TimeUnit.MILLISECONDS)) {
                LOG.info("on-incident command ended: exit={}", process.exitValue());
            } else {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                LOG.warn("on-incident command killed: boundMillis={}", boundMillis);
            }
        } catch (IOException e) {
            LOG.warn("on-incident command not started", e);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for what is running or queued, as long as one command may take. */
    @Override
    public void close() {
        runner.shutdown();
        try {
            if (!runner.awaitTermination(boundMillis, TimeUnit.MILLISECONDS)) {
                LOG.warn("on-incident command still running at the end: boundMillis={}", boundMillis);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
