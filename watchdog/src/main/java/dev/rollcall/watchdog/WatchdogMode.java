package dev.rollcall.watchdog;

/** How far a watchdog goes. */
public enum WatchdogMode {
    /** Says and saves what it would have done. */
    OBSERVE,
    /** Publishes verdicts, upon which the driver fails its calls and tears down; kills a driver that hangs itself. */
    ENFORCE
}
