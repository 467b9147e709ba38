package dev.rollcall.stress.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process of a run: says READY, then one line per result. One thread. */
final class PeerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private PeerProcess(Process process) {
        this.process = process;
        this.out = process.inputReader();
    }

    static PeerProcess start(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(PeerMain.COMMAND);
        command.addAll(words);
        PeerProcess started = new PeerProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        if (!"READY".equals(started.line())) {
            started.close();
            throw new IllegalStateException("a process did not start: words=" + words);
        }
        return started;
    }

    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IllegalStateException("a process ended early: pid=" + process.pid());
        }
        return line;
    }

    long pid() {
        return process.pid();
    }

    void awaitEnd() throws InterruptedException {
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException("a process failed: pid=" + process.pid() + " status=" + status);
        }
    }

    /** Ends it and waits: what it holds of the folder is to be removed. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
