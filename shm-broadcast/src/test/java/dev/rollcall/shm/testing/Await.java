package dev.rollcall.shm.testing;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits on a condition, with a bound. */
public final class Await {
    private static final long LOOK_NANOS = 500_000;

    private Await() {
    }

    /** Fails after ten seconds: plenty on a busy machine, and never waited out when all is well. */
    public static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > 10_000_000_000L) {
                throw new AssertionError("not within 10 s: " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** A thread of this process is inside a native futex wait when the kernel says it sleeps there. */
    public static void untilAsleep(Task<?> task) {
        until("thread asleep in a futex: tid=" + task.tid(),
                () -> task.tid() != 0 && Proc.wchan(task.tid()).startsWith("futex"));
    }
}
