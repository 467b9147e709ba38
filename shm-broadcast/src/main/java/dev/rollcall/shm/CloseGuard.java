package dev.rollcall.shm;

import dev.rollcall.shm.os.Membarrier;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread use memory without a check per access while any other may close it. {@link #enter()} and {@link #exit()}:
 * the using thread, not nested; the rest: any thread.
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
 * A user that may stay long is not waited for: the closer leaves it what is to be done last, with a second barrier, and
 * whichever of the two finds the other gone does it ({@link #leaveTo}).
 * Where the kernel has no membarrier the user pays for a fence of its own. (The idea: hazard pointers and user-space RCU; see
 * membarrier(2).)
 */
final class CloseGuard {
    private static final boolean SYMMETRIC = !Membarrier.isAvailable();
    private static final VarHandle INSIDE;
    private static final VarHandle LAST;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(CloseGuard.class, "inside", boolean.class);
            LAST = MethodHandles.lookup().findVarHandle(CloseGuard.class, "last", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // read through INSIDE
    private boolean inside;
    private volatile boolean closed;
    private volatile @Nullable Runnable last;

    /** False once closed: then the memory must not be touched, and {@link #exit()} not be called. */
    boolean enter() {
        INSIDE.setOpaque(this, true);
        if (SYMMETRIC) {
            VarHandle.fullFence();
        }
        if (closed) {
            exitLast(); // the closer may have seen the mark just then
            return false;
        }
        return true;
    }

    void exit() {
        INSIDE.setRelease(this, false);
    }

    /** As {@link #exit()}, for who may have been left the {@linkplain #leaveTo end} of it. */
    void exitLast() {
        exit();
        if (SYMMETRIC) {
            VarHandle.fullFence();
        }
        if (last != null) {
            runLast();
        }
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

    /**
     * After {@link #close()}: has that done when the user is not inside, now or by the user when it leaves; once. For users
     * that may stay for as long as they like, on which nobody should wait.
     */
    void leaveTo(Runnable end) {
        last = end;
        if (SYMMETRIC) {
            VarHandle.fullFence();
        } else {
            Membarrier.allThreads();
        }
        if (!(boolean) INSIDE.getAcquire(this)) {
            runLast();
        }
    }

    private void runLast() {
        Runnable end = (Runnable) LAST.getAndSet(this, null);
        if (end != null) {
            end.run();
        }
    }

    /** After {@link #close()}: until the user has left, which is as soon as it gets to run. */
    void awaitExit() {
        while ((boolean) INSIDE.getAcquire(this)) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
