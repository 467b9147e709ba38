package dev.rollcall.watchdog;

/** How far the watchdog goes against one kind of hang, see {@link WatchdogBuilder#respond}. */
public enum Response {
    /** Says it, takes the evidence, and leaves it at that. */
    OBSERVE,
    /**
     * Publishes the verdict: the driver fails the calls in flight, ends its workers once the evidence is saved, and begins a
     * new epoch if it was built to. A driver that hangs itself is left to whoever supervises it.
     */
    FAIL,
    /** The same, and a driver that hangs is ended: TERM, then KILL. Who supervises it restarts it. */
    KILL
}
