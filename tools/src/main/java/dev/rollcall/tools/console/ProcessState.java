package dev.rollcall.tools.console;

import dev.rollcall.shm.os.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's state letter of a process's thread, from {@code /proc}. Any thread. */
public final class ProcessState {
    /** There is no such process, or no such thread. */
    public static final char GONE = '-';

    private ProcessState() {
    }

    /**
     * Reads the letter.
     *
     * @param process whose thread
     * @param tid     its kernel id; 0 or less for the process's first
     * @return R, S, D, T, t, Z, X, I, or {@link #GONE}
     */
    public static char of(ProcessIdentity process, int tid) {
        if (!process.isAlive()) {
            return GONE;
        }
        int thread = tid > 0 ? tid : process.pid();
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/task/" + thread + "/stat"),
                    StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return GONE;
        }
    }
}
