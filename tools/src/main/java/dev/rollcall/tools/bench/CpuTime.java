package dev.rollcall.tools.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Processor time of processes. Any thread. */
final class CpuTime {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TICKS = 11;

    private CpuTime() {
    }

    /** User and system time so far; seconds, to the kernel's 10 ms. */
    static double seconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the threads that live now; nanoseconds. For a process that hardly runs. */
    static long nanosOfThreads(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.mapToLong(CpuTime::nanosOfThread).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long nanosOfThread(Path thread) {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** User and system time so far of this process and those together. */
    static double secondsWith(long... others) {
        return seconds(ProcessHandle.current().pid()) + LongStream.of(others).mapToDouble(CpuTime::seconds).sum();
    }
}
