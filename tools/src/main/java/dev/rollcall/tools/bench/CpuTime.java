package dev.rollcall.tools.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;

/** Processor time of processes, to the kernel's 10 ms. Any thread. */
final class CpuTime {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TICKS = 11;

    private CpuTime() {
    }

    /** User and system time so far, seconds. */
    static double seconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same of this process and those together. */
    static double secondsWith(long... others) {
        return seconds(ProcessHandle.current().pid()) + LongStream.of(others).mapToDouble(CpuTime::seconds).sum();
    }
}
