package dev.rollcall.tools.bench;

import dev.rollcall.shm.RollcallException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of the benchmark: says READY, then one line per result. One thread. */
final class BenchChild implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private BenchChild(Process process) {
        this.process = process;
        this.out = process.inputReader();
    }

    static ProcessBuilder command(List<String> words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BenchMain.class.getName()));
        command.addAll(words);
        return new ProcessBuilder(command);
    }

    static BenchChild start(List<String> words) throws IOException {
        BenchChild child = new BenchChild(
                command(words).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        if (!"READY".equals(child.line())) {
            child.close();
            throw new RollcallException("a benchmark process did not start: words=" + words);
        }
        return child;
    }

    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new RollcallException("a benchmark process ended early: pid=" + process.pid());
        }
        return line;
    }

    long pid() {
        return process.pid();
    }

    void awaitEnd() throws InterruptedException {
        int status = process.waitFor();
        if (status != 0) {
            throw new RollcallException("a benchmark process failed: pid=" + process.pid() + " status=" + status);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
