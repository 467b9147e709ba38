package dev.rollcall.watchdog.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts the threads of a process that do something. Any thread; a few microseconds for each of them. */
final class ThreadCount {
    private ThreadCount() {
    }

    /** Threads other than the loop's that run, could run, or wait in the kernel for a device; -1 when not readable. */
    static int awake(int pid, int loopTid, ByteBuffer buffer) {
        int awake = 0;
        String loop = Integer.toString(loopTid);
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                if (!task.getFileName().toString().equals(loop)) {
                    try (ProcFile stat = new ProcFile(task.resolve("stat"))) {
                        int at = stat.read(buffer) ? ProcLine.stateIndex(buffer) : -1;
                        awake += at >= 0 && (buffer.get(at) == 'R' || buffer.get(at) == 'D') ? 1 : 0;
                    }
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            return -1;
        }
        return awake;
    }
}
