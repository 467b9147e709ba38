package dev.rollcall.stress.kill;

import java.util.List;

/** Whose process it is, and what it plays in. */
enum Role {
    /** Makes a group's folder, board and rings, and removes them. */
    CREATOR,
    /** Makes a ring and writes to it. */
    WRITER,
    /** Reads a ring. */
    READER,
    /** Reads a ring that hands out copies, and may be evicted alive. */
    COPIER,
    /** A rank of a group. */
    WORKER,
    /** Starts, calls, restarts and closes a group. */
    DRIVER,

    /** Watches a group from a process of its own. */
    WATCHDOG;

    /** What it must pass on its way, whatever the others do meanwhile. */
    List<String> steps() {
        return RoleSteps.of(this);
    }

    Scene scene() {
        return switch (this) {
            case CREATOR -> new CreatorScene();
            case WRITER -> new WriterScene();
            case READER -> new ReaderScene();
            case COPIER -> new CopierScene();
            case WORKER -> new WorkerScene();
            case DRIVER -> new DriverScene();
            case WATCHDOG -> new WatchdogScene();
        };
    }
}
