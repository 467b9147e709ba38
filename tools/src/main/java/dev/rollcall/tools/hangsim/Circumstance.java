package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.os.Signal;

/** What the machine does to the group, as far as that is no fault of anybody in it. */
enum Circumstance {
    /** Nothing unusual. */
    NONE,
    /** Four processes that compute. */
    HOGS,
    /** All workers together get a fifth of one processor. */
    CPU_QUOTA,
    /** The victim runs only when nobody else wants to, and four processes compute. */
    IDLE_CLASS,
    /** The victim's control group is frozen. */
    FREEZE,
    /** The watchdog itself stands still. */
    STOP_WATCHDOG,
    /** The driver stands still, for less than its limit. */
    STOP_DRIVER,
    /** A person looks at the victim. */
    GDB,
    /** No requests. */
    REST;

    /** What was begun. */
    interface Running {
        /** Undoes it; once. */
        void end();
    }

    /**
     * Begins.
     *
     * @return what ends it
     * @throws NotRunException when this machine does not allow it
     */
    Running begin(Cast cast) {
        return switch (this) {
            case NONE -> () -> {
            };
            case HOGS -> Hogs.start();
            case CPU_QUOTA -> Cgroup.limitCpu(cast.workerPids());
            case IDLE_CLASS -> IdleClass.begin(cast);
            case FREEZE -> Cgroup.freeze(cast.victimPid());
            case STOP_WATCHDOG -> stopped(cast.sidecar());
            case STOP_DRIVER -> stopped(cast.driver());
            case GDB -> Debugger.attach(cast.victimPid());
            case REST -> rest(cast);
        };
    }

    private static Running stopped(Child child) {
        if (!child.signal(Signal.STOP)) {
            throw new NotRunException("the process is gone");
        }
        return () -> child.signal(Signal.CONT);
    }

    private static Running rest(Cast cast) {
        cast.driver().tell("rest");
        return () -> cast.driver().tell("go");
    }
}
