package dev.rollcall.stress.kill;

/** Whose process it is, and what it plays in. */
enum Role {
    /** Makes a group's folder, board and rings, and removes them. */
    CREATOR(new CreatorScene()),
    /** Makes a ring and writes to it. */
    WRITER(new WriterScene()),
    /** Reads a ring. */
    READER(new ReaderScene()),
    /** A rank of a group. */
    WORKER(new WorkerScene()),
    /** Starts, calls, restarts and closes a group. */
    DRIVER(new DriverScene());

    private final Scene scene;

    Role(Scene scene) {
        this.scene = scene;
    }

    Scene scene() {
        return scene;
    }
}
