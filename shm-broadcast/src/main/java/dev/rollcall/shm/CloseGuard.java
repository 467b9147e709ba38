package dev.rollcall.shm;

import dev.rollcall.shm.os.Membarrier;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread use memory without a check per access while any other may close it. {@link #enter()}, {@link #enterToStay()}
 * and the exits: the using thread; the rest: any thread. A visit has one mark, so that visits do not nest; only one that
 * stays may become a brief one, as a claim does that is committed.
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
 *
 * <h2>Users that stay</h2>
 *
 * Nobody can wait for a handler, which may itself be the one who closes, or for an open claim. To a user whose mark says that it
 * may stay the closer leaves what is to be done last ({@link #leaveTo}):
 *
 * <pre>
 * user                                 closer, after closed = true
 * ----                                 ------
 * use the memory                       last = unmap
 * inside = false (release)             a full fence in every thread
 * last? then take it and do it         inside? then go, else take it and do it
 * </pre>
 *
 * The same pair the other way round. If the user's look at {@code last} came before the barrier, then so did its leaving,
 * which the closer sees; if it came after, it sees {@code last}. So one of them does it; both may find it, and only one can
 * take it. Who is refused at the door looks as well, because the closer may have taken its mark for that of a user inside.
 * The release keeps what the user stored before the unmapping, by whomever. ({@code CloseGuardModelTest} takes one step away
 * after the other.)
 */
final class CloseGuard {
    private static final boolean SYMMETRIC = !Membarrier.isAvailable();
    private static final long NOBODY = 0;
    private static final long BRIEF = -1;
    private static final long STAYS = -2;
    private static final VarHandle INSIDE;
    private static final VarHandle LAST;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(CloseGuard.class, "inside", long.class);
            LAST = MethodHandles.lookup().findVarHandle(CloseGuard.class, "last", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Or the id of a thread that stays. */
    private long inside;

    private volatile boolean closed;
    private volatile @Nullable Runnable last;

    /** For a moment, which whoever closes waits for. False once closed: then the memory must not be touched, nor exited. */
    boolean enter() {
        return enterAs(BRIEF);
    }

    /** As {@link #enter()} for as long as it takes, until {@link #exitLast()}. */
    boolean enterToStay() {
        return enterAs(STAYS);
    }

    /** As {@link #enterToStay()}, for who may close before it has left: {@link #isInside(Thread)} knows it. */
    boolean enterToStay(Thread user) {
        return enterAs(user.threadId());
    }

    private boolean enterAs(long mark) {
        INSIDE.setOpaque(this, mark);
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
        INSIDE.setRelease(this, NOBODY);
    }

    /** As {@link #exit()}, for who stayed and may have been left the {@linkplain #leaveTo end} of it. */
    void exitLast() {
        exit();
        if (SYMMETRIC) {
            VarHandle.fullFence();
        }
        if (last != null) {
            runLast();
        }
    }

    /** The using thread: something brief, in the visit under way or one of its own; false, and not done, once closed. */
    boolean briefly(Runnable action) {
        if (isInside()) {
            action.run();
            return true;
        }
        if (!enter()) {
            return false;
        }
        try {
            action.run();
            return true;
        } finally {
            exit();
        }
    }

    /** The using thread: whether it is inside already. */
    boolean isInside() {
        return inside != NOBODY;
    }

    /** Any thread, of itself: whether it has {@linkplain #enterToStay(Thread) entered} under its name. */
    boolean isInside(Thread self) {
        return (long) INSIDE.getOpaque(this) == self.threadId();
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
        barrier();
        return true;
    }

    /**
     * After {@link #close()} and, where there are brief users, {@link #awaitExit()}: has that done when the user is not inside,
     * now or by the user when it leaves; once.
     */
    void leaveTo(Runnable end) {
        last = end;
        barrier();
        if ((long) INSIDE.getAcquire(this) == NOBODY) {
            runLast();
        }
    }

    private static void barrier() {
        if (SYMMETRIC) {
            VarHandle.fullFence();
        } else {
            Membarrier.allThreads();
        }
    }

    private void runLast() {
        Runnable end = (Runnable) LAST.getAndSet(this, null);
        if (end != null) {
            end.run();
        }
    }

    /** After {@link #close()}: until a user that came for a moment has left, which is as soon as it gets to run. */
    void awaitExit() {
        while ((long) INSIDE.getAcquire(this) == BRIEF) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
