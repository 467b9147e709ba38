package dev.rollcall.shm;

/** The guard under which a writer's unchecked stores run, for the stress tests. */
public final class Guard {
    private final CloseGuard guard = new CloseGuard();

    /** The user's side; false once closed. */
    public boolean enter() {
        return guard.enter();
    }

    /** The user's side, after a successful {@link #enter()}. */
    public void exit() {
        guard.exit();
    }

    /** The closer's side: when it returns, the memory may go. */
    public void close() {
        boolean _ = guard.close();
        guard.awaitExit();
    }
}
