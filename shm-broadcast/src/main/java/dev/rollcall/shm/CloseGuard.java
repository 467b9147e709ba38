package dev.rollcall.shm;

import dev.rollcall.shm.os.Membarrier;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets one thread use memory without a check per access while any other may close it. {@link #enter()} and {@link #exit()}:
 * the using thread, not nested, nothing that waits in between; the rest: any thread.
 *
 * <h2>Protocol</h2>
 *
 * <pre>
 * user                                 closer
 * ----                                 ------
 * inside = true                        closed = true
 * closed? then inside = false, away    a full fence in every thread (membarrier)
 * use the memory                       wait while inside
 * inside = false (release)             unmap
 * </pre>
 *
 * A Dekker pair again, but a lopsided one: the user comes by millions of times a second and the closer once, so the closer
 * pays for both fences. After its barrier either the user's mark is visible to it, or the user's look at {@code closed} comes
 * later than the barrier and sees it. The user's two accesses are opaque and volatile, which the compiler keeps in order;
 * to the processor that order is only certain through the barrier, as a store may sit in its buffer while a later load runs.
 * Where the kernel has no membarrier the user pays for a fence of its own. (The idea: hazard pointers and user-space RCU; see
 * membarrier(2).)
 */
final class CloseGuard {
    private static final boolean SYMMETRIC = !Membarrier.isAvailable();
    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(CloseGuard.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // read through INSIDE
    private boolean inside;
    private volatile boolean closed;

    /** False once closed: then the memory must not be touched, and {@link #exit()} not be called. */
    boolean enter() {
        INSIDE.setOpaque(this, true);
        if (SYMMETRIC) {
            VarHandle.fullFence();
        }
        if (closed) {
            exit();
            return false;
        }
        return true;
    }

    void exit() {
        INSIDE.setRelease(this, false);
    }

    boolean isClosed() {
        return closed;
    }

    /** From now on nobody enters; false when that was so before. */
    synchronized boolean close() {
        if (closed) {
            return false;
        }
        closed = true;
        if (!SYMMETRIC) {
            Membarrier.allThreads();
        }
        return true;
    }

    /** After {@link #close()}: until the user has left, which is as soon as it gets to run. */
    void awaitExit() {
        while ((boolean) INSIDE.getAcquire(this)) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
