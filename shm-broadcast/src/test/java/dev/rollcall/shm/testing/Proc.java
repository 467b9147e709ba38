package dev.rollcall.shm.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel says of threads and processes. */
public final class Proc {
    private Proc() {
    }

    /** State letter of a process. */
    public static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return 'X';
        }
    }

    /** Name of the program a process runs. */
    public static String command(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    /** Where a thread of this process sleeps in the kernel; the number of the system call where names are hidden. */
    static String wchan(int tid) {
        try {
            String task = "/proc/self/task/" + tid;
            String name = Files.readString(Path.of(task + "/wchan"));
            if (name.contains("futex")) {
                return "futex";
            }
            String call = Files.readString(Path.of(task + "/syscall"));
            // our futex waits are shared; the JVM's own parking is private (operation 128 and above)
            return call.startsWith("202 ") || call.startsWith("98 ") ? "futex" : call;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Number of a processor that this process may run on. */
    public static String firstAllowedProcessor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow()
                    .replaceFirst("\\D*(\\d+).*", "$1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processor time of this process, nanoseconds. */
    public static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory
                .getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
