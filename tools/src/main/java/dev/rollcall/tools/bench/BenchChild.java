package dev.rollcall.tools.bench;

import dev.rollcall.shm.RollcallException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of the benchmark: says READY, then one line per result. One thread. */
final class BenchChild implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TICKS = 11;
    private final Process process;
    private final BufferedReader out;

    private BenchChild(Process process) {
        this.process = process;
        this.out = process.inputReader();
    }

    static ProcessBuilder command(List<String> words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx256m",
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

    /** User and system time so far in seconds, to 10 ms. */
    double cpuSeconds() throws IOException {
        return cpuSeconds(process.pid());
    }

    static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS_PER_SECOND;
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
