package dev.rollcall.tools.hangsim;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.tools.console.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JVM the stage hand started: driver or watchdog. Its standard output is lines of JSON, kept until polled; of its
 * standard error the last lines are kept for the case that it fails. Any thread.
 */
final class Child implements AutoCloseable {
    private static final int LINES_KEPT = 40;

    private final String name;
    private final Process process;
    private final @Nullable PidFd handle;
    private final Queue<JsonNode> events = new ConcurrentLinkedQueue<>();
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final List<Thread> readers;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        ProcessIdentity identity = ProcessIdentity.of((int) process.pid());
        this.handle = identity == null ? null : PidFd.open(identity);
        this.readers = List.of(
                read("out", process.getInputStream(), this::event),
                read("err", process.getErrorStream(), this::keep));
    }

    static Child start(String name, Class<?> main, List<String> jvmFlags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        String java = System.getenv("ROLLCALL_JAVA");
        command.add(java != null ? java : System.getProperty("java.home") + "/bin/java");
        // Short-lived processes: the small collector, the quick compiler, nothing written to /tmp.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx128m"));
        command.addAll(StartCache.flags());
        command.addAll(jvmFlags);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).start();
            try {
                return new Child(name, process);
            } catch (RuntimeException | Error e) { // it runs, but there is no handle on it
                process.destroyForcibly().onExit().completeOnTimeout(process, 2, TimeUnit.SECONDS).join();
                throw e;
            }
        } catch (IOException e) {
            throw new RollcallException("cannot start process=" + name + " command=" + command.getFirst(), e);
        }
    }

    int pid() {
        return (int) process.pid();
    }

    /** The next line of JSON, or null while there is none. */
    @Nullable
    JsonNode poll() {
        return events.poll();
    }

    /** One line to its standard input; false when it no longer reads. */
    boolean tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    boolean signal(Signal signal) {
        return handle != null && handle.signal(signal);
    }

    boolean isDead() {
        return handle == null || handle.isDead();
    }

    /** Whether it is dead and all it said has been read. */
    boolean isDrained() {
        return isDead() && readers.stream().noneMatch(Thread::isAlive);
    }

    /** As it ended; null until it is drained. */
    @Nullable
    Integer exit() {
        return isDrained() && !process.isAlive() ? (Integer) process.exitValue() : null;
    }

    /** Whether it ended within that time. */
    boolean awaitDeath(long nanos) {
        return handle == null || handle.awaitDeath(nanos);
    }

    /** How it ended, with the last thing it said; for error messages. */
    String lastWords() {
        String status = process.isAlive() ? "alive" : "exit=" + process.exitValue();
        synchronized (lastLines) {
            return name + " " + status + (lastLines.isEmpty() ? "" : " output=" + String.join(" | ", lastLines));
        }
    }

    /** Ends it and whatever it started, stopped or not. */
    void kill() {
        List<ProcessHandle> below = process.descendants().toList();
        if (signal(Signal.KILL)) {
            signal(Signal.CONT);
        }
        below.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        if (handle != null) {
            handle.close();
        }
    }

    private void event(String line) {
        JsonNode node = Json.parse(line);
        if (node.isObject()) {
            events.add(node);
        } else {
            keep(line);
        }
    }

    private void keep(String line) {
        synchronized (lastLines) {
            lastLines.addLast(line);
            if (lastLines.size() > LINES_KEPT) {
                lastLines.removeFirst();
            }
        }
    }

    private Thread read(String stream, InputStream in, Consumer<String> sink) {
        return Thread.ofPlatform().daemon().name(name + "-" + stream).start(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                lines.lines().forEach(sink);
            } catch (IOException | UncheckedIOException closed) {
                keep("(" + stream + " closed: " + closed.getMessage() + ")");
            }
        });
    }
}
