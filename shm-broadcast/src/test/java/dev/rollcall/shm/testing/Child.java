package dev.rollcall.shm.testing;

import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real process that plays a part in a test; killed when the test ends, whatever happens. */
public final class Child implements AutoCloseable {
    private static final long STOP_NANOS = 10_000_000_000L;

    private static final long PATIENCE_SECONDS = 20;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Child(List<String> command) {
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread pump = new Thread(this::pump, "child-output");
        pump.setDaemon(true);
        pump.start();
    }

    /** A JVM with this test's class path. */
    public static Child jvm(Class<?> main, Object... arguments) {
        return jvm(List.of(), main, arguments);
    }

    /** A JVM with options of its own. */
    public static Child jvm(List<String> options, Class<?> main, Object... arguments) {
        return new Child(jvmCommand(options, main, arguments));
    }

    /** A JVM that another program starts: the end of that one's command line. */
    public static Child jvmUnder(List<String> starter, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>(starter);
        command.addAll(jvmCommand(List.of(), main, arguments));
        return new Child(command);
    }

    private static List<String> jvmCommand(List<String> options, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** Any program. */
    public static Child command(List<String> command) {
        return new Child(command);
    }

    private void pump() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("output ended: " + e);
        }
    }

    /** The next line that begins so; others are passed over. */
    public String awaitLine(String prefix) {
        List<String> seen = new ArrayList<>();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (true) {
                String line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new AssertionError("child never said \"" + prefix + "\" but: " + seen);
                }
                if (line.startsWith(prefix)) {
                    return line;
                }
                seen.add(line);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Its exit status; fails when it does not end. */
    public int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("child did not end: " + lines);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What it has said and nobody has read. */
    public List<String> output() {
        return List.copyOf(lines);
    }

    /** One line to its standard input. */
    public void say(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public ProcessIdentity identity() {
        return Objects.requireNonNull(ProcessIdentity.of((int) process.pid()));
    }

    public void signal(Signal signal) {
        try (PidFd fd = Objects.requireNonNull(PidFd.open(identity()))) {
            fd.signal(signal);
        }
        if (signal == Signal.STOP) {
            awaitStopped();
        }
    }

    /** The call that sends SIGSTOP returns before the last thread stands still. */
    private void awaitStopped() {
        long start = System.nanoTime();
        while (!isStopped()) {
            if (System.nanoTime() - start > STOP_NANOS) {
                throw new AssertionError("process does not stop: pid=" + process.pid());
            }
            Thread.onSpinWait();
        }
    }

    private boolean isStopped() {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL, and wait until it is reaped. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}
