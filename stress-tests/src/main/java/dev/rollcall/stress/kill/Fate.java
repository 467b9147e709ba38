package dev.rollcall.stress.kill;

/** What happens to the victim at its step. */
enum Fate {
    /** SIGKILL. */
    KILL,
    /** SIGSTOP, and later SIGCONT unless somebody has ended it by then. */
    STOP
}
