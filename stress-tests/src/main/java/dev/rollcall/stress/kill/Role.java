package dev.rollcall.stress.kill;

/** Whose process it is, and what it plays in. */
enum Role {
    /** Makes a group's folder, board and rings, and removes them. */
    CREATOR,
    /** Makes a ring and writes to it. */
    WRITER,
    /** Reads a ring. */
    READER,
    /** A rank of a group. */
    WORKER,
    /** Starts, calls, restarts and closes a group. */
    DRIVER;

    Scene scene() {
        return switch (this) {
            case CREATOR -> new CreatorScene();
            case WRITER -> new WriterScene();
            case READER -> new ReaderScene();
            case WORKER -> new WorkerScene();
            case DRIVER -> new DriverScene();
        };
    }
}
