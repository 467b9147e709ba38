package dev.rollcall.watchdog;

import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.ProcessIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Stacks of a hung process from outside, by tools that this machine may have: {@code jcmd} for Java, {@code py-spy} for
 * Python, {@code gdb} for any. Each is a child with a deadline, after which it is killed; none is required, and what is
 * missing is said. An evidence thread, which it may hold up until its bound.
 *
 * <p>
 * A stopped process cannot answer jcmd. The others need ptrace rights: root, or {@code ptrace_scope} 0 and the same user.
 */
final class ExternalTools {
    /** All of them together; the driver waits 2 s for the evidence. */
    static final long BOUND_NANOS = 1_300_000_000L;

    private static final long JCMD_NANOS = 700_000_000L;
    private static final int MAX_BYTES = 128 * 1024;

    private final int pid;
    private final char state;
    private final Path proc;
    private final String path;
    private final boolean root;
    private final long startNanos = System.nanoTime();
    private final StringBuilder text = new StringBuilder();

    ExternalTools(int pid, char state, Path proc, String path, boolean root) {
        this.pid = pid;
        this.state = state;
        this.proc = proc;
        this.path = path;
        this.root = root;
    }

    /** Asks about one process, in the state in which its loop thread was seen. */
    static Witness about(String who, ProcessIdentity process, char state) {
        return new Witness("tools-" + who, BOUND_NANOS, () -> new ExternalTools(process.pid(), state,
                Path.of("/proc"), String.valueOf(System.getenv("PATH")), Linux.uid() == 0).ask());
    }

    String ask() throws InterruptedException {
        Path executable = executable();
        String name = executable == null ? "" : executable.getFileName().toString();
        if (executable != null && name.equals("java")) {
            jcmd(executable);
        }
        String pySpy = name.startsWith("python") ? find("py-spy") : null;
        if (pySpy != null && mayTrace("py-spy")) {
            run(left(), pySpy, "dump", "--pid", Integer.toString(pid));
        } else if (name.startsWith("python") && pySpy == null) {
            say("py-spy", "not on the PATH");
        }
        String gdb = find("gdb");
        if (gdb == null) {
            say("gdb", "not on the PATH");
        } else if (mayTrace("gdb")) {
            run(left(), gdb, "-nx", "-batch", "-p", Integer.toString(pid), "-ex", "thread apply all bt 32");
        }
        return text.toString();
    }

    private void jcmd(Path java) throws InterruptedException {
        Path beside = java.resolveSibling("jcmd");
        String jcmd = Files.isExecutable(beside) ? beside.toString() : find("jcmd");
        if (state == 'T' || state == 't') {
            say("jcmd", "not run: a process in state " + state + " cannot answer it");
        } else if (jcmd == null) {
            say("jcmd", "neither beside " + java + " nor on the PATH");
        } else {
            run(Math.min(JCMD_NANOS, left()), jcmd, Integer.toString(pid), "Thread.print", "-l");
        }
    }

    /** Rights alone; whether the kernel agrees is seen when the tool is run. */
    private boolean mayTrace(String tool) {
        int scope = ptraceScope();
        if (state == 't') {
            say(tool, "not run: another debugger holds the process");
        } else if (scope > 0 && !root) {
            say(tool, "not run: ptrace_scope=" + scope + " lets only root look into a process it has not started");
        } else {
            return true;
        }
        return false;
    }

    private int ptraceScope() {
        try {
            return Integer.parseInt(Files.readString(proc.resolve("sys/kernel/yama/ptrace_scope")).strip());
        } catch (IOException | NumberFormatException noSuchModule) {
            return 0;
        }
    }

    private @Nullable Path executable() {
        try {
            return Files.readSymbolicLink(proc.resolve(pid + "/exe"));
        } catch (IOException notAllowed) {
            say("exe", "which program it is cannot be read: " + notAllowed.getClass().getSimpleName());
            return null;
        }
    }

    private @Nullable String find(String tool) {
        for (String folder : path.split(":", -1)) {
            Path file = Path.of(folder, tool);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return null;
    }

    private long left() {
        return BOUND_NANOS * 9 / 10 - (System.nanoTime() - startNanos);
    }

    private void run(long nanos, String... command) throws InterruptedException {
        String tool = Path.of(command[0]).getFileName().toString();
        if (nanos <= 0) {
            say(tool, "not run: no time left");
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
        builder.environment().put("DEBUGINFOD_URLS", ""); // gdb would ask the network
        long start = System.nanoTime();
        try {
            Process child = builder.start();
            child.getOutputStream().close();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(child.getInputStream()),
                    task -> Thread.ofPlatform().daemon().name("rollcall-tool").start(task));
            boolean ended = child.waitFor(nanos, TimeUnit.NANOSECONDS);
            child.toHandle().destroyForcibly(); // the process would close the output unread
            say(tool, (ended ? "exit=" + child.exitValue() : "killed, it took too long") + " after "
                    + Phrases.time(System.nanoTime() - start) + '\n' + taken(output));
        } catch (IOException e) {
            say(tool, "not started: " + e.getMessage());
        }
    }

    private static String read(InputStream in) {
        try (in) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (IOException killed) {
            return "(output ends: " + killed.getMessage() + ")\n";
        }
    }

    /** A grandchild may hold the pipe open: not waited for. */
    private static String taken(CompletableFuture<String> output) throws InterruptedException {
        try {
            return output.get(50, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return "(output not read: " + e + ")\n";
        }
    }

    private void say(String tool, String words) {
        text.append("== ").append(tool).append(": ").append(words).append(words.endsWith("\n") ? "" : "\n");
    }
}
