package dev.rollcall.shm;

/** The guard under which memory is used unchecked, for the stress tests. */
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

    /** As {@link #exit()}, for who may have been {@linkplain #closeAndLeave left} the end of it. */
    public void exitLast() {
        guard.exitLast();
    }

    /** The closer's side: that is done once the user is not inside, by one of the two. */
    public void closeAndLeave(Runnable end) {
        boolean _ = guard.close();
        guard.leaveTo(end);
    }

    /** The closer's side: when it returns, the memory may go. */
    public void close() {
        boolean _ = guard.close();
        guard.awaitExit();
    }
}
