package dev.rollcall.watchdog.probe;

import dev.rollcall.watchdog.ThreadFacts;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One thread of another process, through {@code /proc/<pid>/task/<tid>}. One thread at a time. */
final class ThreadProbe implements AutoCloseable {
    /** The same words for every thread, so that they are said once. */
    private static final String NO_RIGHTS =
            " may not be read: no ptrace rights (ptrace_scope, another user's process, or one with more capabilities)";

    private final int tid;
    private final ProcFile stat;
    private final ProcFile schedstat;
    private final ProcFile wchan;
    private final ProcFile syscall;
    private final ProcFile status;
    private @Nullable ThreadFacts last;
    private @Nullable String lastWchan;
    private @Nullable String lastSyscall;

    ThreadProbe(Path task, int tid) {
        this.tid = tid;
        stat = new ProcFile(task.resolve("stat"));
        schedstat = new ProcFile(task.resolve("schedstat"));
        wchan = new ProcFile(task.resolve("wchan"));
        syscall = new ProcFile(task.resolve("syscall"));
        status = new ProcFile(task.resolve("status"));
    }

    int tid() {
        return tid;
    }

    /**
     * Reads the thread.
     *
     * @param depth how much of it; one that slept when it was last looked at is left to rest
     * @param missing told what may not be read
     * @return its facts, in state X when it has ended, null when it cannot be read
     */
    @Nullable
    ThreadFacts read(ByteBuffer buffer, Depth depth, Consumer<String> missing) {
        if (depth != Depth.REST || last == null || last.state() != 'S') {
            last = readNow(buffer, depth == Depth.COMPLETE, missing);
        }
        return last;
    }

    private @Nullable ThreadFacts readNow(ByteBuffer buffer, boolean complete, Consumer<String> missing) {
        if (!stat.read(buffer)) {
            return stat.isGone() ? new ThreadFacts(tid, 'X', -1, -1, 0, "", "", -1) : null;
        }
        int at = ProcLine.stateIndex(buffer);
        if (at < 0) {
            return null;
        }
        char state = (char) buffer.get(at);
        long cpuTicks = ProcLine.cpuTicks(buffer, at);
        long run = -1;
        long delay = -1;
        boolean wantsTimes = complete || state == 'R'; // a sleeping thread's times do not move
        if (wantsTimes && schedstat.read(buffer)) {
            run = ProcLine.number(buffer, 0);
            delay = ProcLine.number(buffer, ProcLine.skipFields(buffer, 0, 1));
        } else if (wantsTimes && schedstat.isRefused()) {
            missing.accept("schedstat may not be read: run times of threads are unknown");
        }
        if (!complete) {
            return new ThreadFacts(tid, state, run, delay, cpuTicks, "", "", -1);
        }
        lastWchan = text(wchan, buffer, lastWchan, "wchan", missing);
        lastSyscall = text(syscall, buffer, lastSyscall, "syscall", missing);
        if (syscall.isRefused() && state == 'S' && lastWchan.isEmpty()) {
            missing.accept("wchan is not told either: what threads sleep in is unknown");
        }
        int tracer = status.read(buffer) ? ProcLine.tracerPid(buffer) : -1;
        return new ThreadFacts(tid, state, run, delay, cpuTicks, lastWchan, lastSyscall, tracer);
    }

    /** "0" is what the kernel shows of a running thread, and of one it hides. */
    private String text(ProcFile file, ByteBuffer buffer, @Nullable String last, String name,
            Consumer<String> missing) {
        if (file.read(buffer)) {
            String text = ProcLine.text(buffer, last);
            return "0".equals(text) ? "" : text;
        }
        if (file.isRefused()) {
            missing.accept(name + NO_RIGHTS);
        }
        return "";
    }

    @Override
    public void close() {
        stat.close();
        schedstat.close();
        wchan.close();
        syscall.close();
        status.close();
    }
}
