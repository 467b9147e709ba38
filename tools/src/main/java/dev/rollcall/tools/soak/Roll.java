package dev.rollcall.tools.soak;

import dev.rollcall.rpc.WorkerLauncher;
import dev.rollcall.shm.os.ProcessIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Between executor and launcher: remembers every process and folder, to look for them in the end. Any thread. */
final class Roll implements WorkerLauncher {
    private final WorkerLauncher launcher;
    private final Set<ProcessIdentity> processes = ConcurrentHashMap.newKeySet();
    private final Set<Path> folders = ConcurrentHashMap.newKeySet();

    Roll(WorkerLauncher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Handle launch(Spec spec) {
        folders.add(spec.directory().path());
        Handle handle = launcher.launch(spec);
        ProcessIdentity process = ProcessIdentity.of((int) handle.pid());
        if (process != null) {
            processes.add(process);
        }
        return handle;
    }

    int launched() {
        return processes.size();
    }

    List<ProcessIdentity> alive() {
        return processes.stream().filter(ProcessIdentity::isAlive).toList();
    }

    List<Path> foldersLeft() {
        return folders.stream().filter(path -> path.toFile().exists()).toList();
    }
}
