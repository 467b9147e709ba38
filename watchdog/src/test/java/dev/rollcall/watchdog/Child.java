package dev.rollcall.watchdog;

import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child process a test starts, signals and always ends. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final PidFd handle;

    private Child(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        ProcessIdentity identity = ProcessIdentity.of((int) process.pid());
        PidFd opened = identity == null ? null : PidFd.open(identity);
        if (opened == null) {
            throw new IllegalStateException("child ended at once");
        }
        this.handle = opened;
    }

    static Child of(List<String> command) {
        try {
            return new Child(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process of a group, ready when this returns. */
    static Child ofGroup(Path board, String role) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Child child = of(List.of(java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                ChildMain.class.getName(), board.toString(), role));
        child.awaitAcknowledged();
        return child;
    }

    int pid() {
        return (int) process.pid();
    }

    PidFd handle() {
        return handle;
    }

    /** Says a line and does not wait. */
    void say(String line) {
        try {
            process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void tell(String line) {
        say(line);
        awaitAcknowledged();
    }

    /** Waits for the end of what was said last. */
    void awaitAcknowledged() {
        try {
            String line = out.readLine();
            if (!"ok".equals(line)) {
                throw new IllegalStateException("child said " + line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void signal(Signal signal) {
        handle.signal(signal);
    }

    @Override
    public void close() {
        handle.close();
        process.destroyForcibly();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("child does not die: pid=" + process.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
