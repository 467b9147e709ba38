package dev.rollcall.watchdog.probe;

/** How closely a process is looked at in one tick. */
enum Depth {
    /** Not at all if its loop thread slept at the last look: it has nothing to do. */
    REST,
    /** Its loop thread's state. */
    PLAIN,
    /** Also its pulse thread, and what both wait in. */
    COMPLETE
}
