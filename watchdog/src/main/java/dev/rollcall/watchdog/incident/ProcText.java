package dev.rollcall.watchdog.incident;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the kernel says about one process, as text: the process, then every thread. Any thread. Reads only files that
 * answer at once, also for a stopped or uninterruptible process; never the environment, never memory.
 */
final class ProcText {
    private static final int MAX_BYTES = 16 * 1024;
    private static final int MAX_THREADS = 64;
    private static final List<String> OF_PROCESS = List.of("status", "cgroup", "oom_score", "limits", "sched");
    private static final List<String> OF_THREAD = List.of("stat", "wchan", "syscall", "schedstat", "stack");

    private final Path proc;

    /** Facts below a folder that looks like {@code /proc}. */
    ProcText(Path proc) {
        this.proc = proc;
    }

    /** The whole text; a file that may not be read or is gone leaves its reason in its place. */
    String of(int pid) {
        Path process = proc.resolve(Integer.toString(pid));
        StringBuilder text = new StringBuilder(8192);
        if (!Files.isDirectory(process)) {
            return text.append("pid ").append(pid).append(" is gone: nothing left in /proc\n").toString();
        }
        for (String name : OF_PROCESS) {
            section(text, process, name, Integer.toString(pid));
        }
        List<Path> threads = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            tasks.forEach(threads::add);
        } catch (IOException | DirectoryIteratorException e) {
            text.append("threads not listed: ").append(e).append('\n');
        }
        threads.sort(Comparator.comparingInt(ProcText::number));
        for (Path thread : threads.subList(0, Math.min(MAX_THREADS, threads.size()))) {
            text.append("== thread ").append(thread.getFileName()).append(" (").append(head(thread.resolve("comm")))
                    .append(")\n");
            for (String name : OF_THREAD) {
                text.append(name).append(": ").append(head(thread.resolve(name))).append('\n');
            }
        }
        if (threads.size() > MAX_THREADS) {
            text.append("and ").append(threads.size() - MAX_THREADS).append(" more threads\n");
        }
        return text.toString();
    }

    /** A whole small file without its last line break, or why it could not be read. */
    static String head(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException e) {
            return "(not read: " + e.getClass().getSimpleName() + ")";
        }
    }

    private static void section(StringBuilder text, Path folder, String name, String pid) {
        text.append("== ").append(pid).append('/').append(name).append('\n');
        text.append(head(folder.resolve(name))).append("\n\n");
    }

    private static int number(Path thread) {
        try {
            return Integer.parseInt(thread.getFileName().toString());
        } catch (NumberFormatException notANumber) {
            return Integer.MAX_VALUE;
        }
    }
}
