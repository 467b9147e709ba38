package dev.rollcall.tools.hangsim;

import dev.rollcall.rpc.WorkerLauncher;
import dev.rollcall.shm.SharedFile;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Between executor and launcher: when the first worker is to be launched, the group's folder exists and nobody has joined
 * yet. That is the moment to add the rehearsal's own file and to tell the stage hand where the group is. The thread that
 * starts the group.
 */
final class SimGroup implements WorkerLauncher, AutoCloseable {
    private final WorkerLauncher launcher;
    private final DriverEvents events;
    private @Nullable SharedFile file;

    SimGroup(WorkerLauncher launcher, DriverEvents events) {
        this.launcher = launcher;
        this.events = events;
    }

    @Override
    public Handle launch(Spec spec) {
        if (file == null) {
            file = SharedFile.create(spec.directory().file(SimLayout.FILE_NAME), SimLayout.BYTES);
            events.tell("created", Map.of("directory", spec.directory().path().toString()));
        }
        return launcher.launch(spec);
    }

    MemorySegment memory() {
        if (file == null) {
            throw new IllegalStateException("no worker was launched yet");
        }
        return file.memory();
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
