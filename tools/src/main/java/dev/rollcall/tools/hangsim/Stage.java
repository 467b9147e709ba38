package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.PrivateFolder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a rehearsal starts, and its end in every case: {@link #close()} runs at the end of the play and as a shutdown
 * hook, and leaves no process and, unless told to keep it, no file. Any thread.
 */
final class Stage implements AutoCloseable {
    /** As the launcher starts a sidecar: it does the same little work in each tick. */
    private static final String EARLY = "-XX:CompileThresholdScaling=0.1";
    private static final long DEATH_NANOS = 2_000_000_000L;

    private final boolean keep;
    private final PrivateFolder incidents;
    private final Thread hook = new Thread(this::breakOff, "clear-the-stage");
    private final Deque<Circumstance.Running> around = new ArrayDeque<>();
    private @Nullable Child driver;
    private @Nullable Child sidecar;
    private @Nullable Scene scene;
    private volatile boolean brokenOff;
    private boolean closed;

    Stage(boolean keep, PrivateFolder incidents) {
        this.keep = keep;
        this.incidents = incidents;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    synchronized Child startDriver(List<String> arguments) {
        requireOpen();
        driver = Child.start("driver", SimDriver.class, List.of(), arguments);
        return driver;
    }

    synchronized Child startSidecar(Class<?> main, List<String> arguments) {
        requireOpen();
        sidecar = Child.start("watchdog", main, List.of(EARLY), arguments);
        return sidecar;
    }

    synchronized Scene open(Scene opened) {
        requireOpen();
        scene = opened;
        return opened;
    }

    /** Ends it at the latest with the play; ending what it returns ends it earlier. */
    synchronized Circumstance.Running during(Circumstance.Running circumstance) {
        if (closed) {
            circumstance.end();
        }
        requireOpen();
        around.push(circumstance);
        return () -> end(circumstance);
    }

    private synchronized void end(Circumstance.Running circumstance) {
        if (around.remove(circumstance)) {
            circumstance.end();
        }
    }

    /** Whether the process is being ended from outside; nothing should be said any more. */
    boolean isBrokenOff() {
        return brokenOff;
    }

    /** Processes of this rehearsal that live, the watchdog's included. */
    synchronized int livingProcesses() {
        int alive = scene == null ? 0 : scene.livingWorkers();
        alive += driver != null && !driver.isDead() ? 1 : 0;
        alive += sidecar != null && !sidecar.isDead() ? 1 : 0;
        return alive;
    }

    /** What should be gone and is not: processes of the group and of the watchdog, and the group's folder. */
    synchronized int leftovers() {
        return livingProcesses() + (scene != null && scene.folderExists() && !keep ? 1 : 0);
    }

    private void breakOff() {
        brokenOff = true;
        close();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        around.forEach(Circumstance.Running::end); // a frozen process does not end
        around.clear();
        List<Child> children = new ArrayList<>();
        for (Child child : new Child[]{driver, sidecar}) {
            if (child != null) {
                child.kill();
                children.add(child);
            }
        }
        if (scene != null) {
            scene.killWorkers();
            endWorkers(scene);
        }
        children.forEach(child -> child.awaitDeath(DEATH_NANOS));
        try {
            if (!keep && driver != null && (scene == null || scene.folderExists())) {
                GroupDirectory.sweep();
            }
        } finally {
            incidents.removeIfUnused();
            unhook();
        }
    }

    private static void endWorkers(Scene scene) {
        long start = System.nanoTime();
        while (scene.livingWorkers() > 0 && System.nanoTime() - start < DEATH_NANOS) {
            Pause.briefly();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new RollcallException("the rehearsal is being ended");
        }
    }

    private void unhook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return; // we are that hook
        }
    }
}
