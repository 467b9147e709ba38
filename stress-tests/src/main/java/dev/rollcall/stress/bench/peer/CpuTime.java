package dev.rollcall.stress.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processor time of processes. Any thread. */
final class CpuTime {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TICKS = 11;

    private CpuTime() {
    }

    /** User and system time so far, of this process and those; seconds, to the kernel's 10 ms. */
    static double secondsWith(List<PeerProcess> others) {
        double sum = seconds(ProcessHandle.current().pid());
        for (PeerProcess other : others) {
            sum += seconds(other.pid());
        }
        return sum;
    }

    private static double seconds(long pid) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS_PER_SECOND;
    }

    /** Of the threads that live now; nanoseconds. For a process that hardly runs. */
    static long nanosOfThreads(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.mapToLong(thread -> Long.parseLong(read(thread.resolve("schedstat")).split(" ", -1)[0]))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
