package dev.rollcall.tools.hangsim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** gdb, attached to a process and doing nothing. One thread. */
final class Debugger implements Circumstance.Running {
    private static final long ATTACH_NANOS = 15_000_000_000L;
    private static final long END_MILLIS = 5_000;

    private final Process gdb;

    private Debugger(Process gdb) {
        this.gdb = gdb;
    }

    static Debugger attach(int pid) {
        Process gdb;
        try {
            gdb = new ProcessBuilder("gdb", "-nx", "-q", "-p", Integer.toString(pid))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new NotRunException("no gdb");
        }
        Debugger attached = new Debugger(gdb);
        long start = System.nanoTime();
        while (!isTraced(pid)) {
            if (!gdb.isAlive() || System.nanoTime() - start > ATTACH_NANOS) {
                attached.end();
                throw new NotRunException("gdb may not attach");
            }
            Pause.briefly();
        }
        return attached;
    }

    private static boolean isTraced(int pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.anyMatch(line -> line.startsWith("TracerPid:") && !line.endsWith("\t0"));
        } catch (IOException gone) {
            return false;
        }
    }

    /** At the end of its input it lets go of the process and ends. */
    @Override
    public void end() {
        try {
            gdb.getOutputStream().close();
            if (gdb.waitFor(END_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (IOException ended) {
            gdb.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        gdb.destroyForcibly();
    }
}
