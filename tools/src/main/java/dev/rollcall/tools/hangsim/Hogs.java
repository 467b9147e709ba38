package dev.rollcall.tools.hangsim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Processes that do nothing but compute. One thread. */
final class Hogs implements Circumstance.Running {
    private static final int COUNT = 4;

    private final List<Process> processes = new ArrayList<>();

    private Hogs() {
    }

    static Hogs start() {
        Hogs hogs = new Hogs();
        try {
            for (int i = 0; i < COUNT; i++) {
                hogs.processes.add(new ProcessBuilder("sh", "-c", "while :; do :; done").inheritIO().start());
            }
            return hogs;
        } catch (IOException e) {
            hogs.end();
            throw new NotRunException("no shell to compute with: " + e.getMessage());
        }
    }

    @Override
    public void end() {
        processes.forEach(Process::destroyForcibly);
    }
}
