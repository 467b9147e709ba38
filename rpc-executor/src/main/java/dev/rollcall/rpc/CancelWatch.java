package dev.rollcall.rpc;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

import org.jspecify.annotations.Nullable;

/**
 * Looks for the end of a call on behalf of a handler that cannot look itself, because it waits in a collective for ranks that
 * will not come.
 *
 * <p><b>Who.</b> {@link #arm}, {@link #disarm} and {@link #close}: the loop thread. {@link #run}: a thread of its own, which
 * starts with the first handler that wants it. Releases run there, under this object's monitor; arming and disarming take the
 * same one. So when {@link #arm} or {@link #disarm} returns, nothing of what was armed before runs any more or ever will,
 * and one call's release cannot abort the communicator of the next.
 *
 * <p><b>A release that hangs</b> keeps its rank inside the call it was to end: the loop is still in its collective, or it
 * waits for the monitor. Either way the call stays unfinished on the board, which is the truth, and whoever watches sees a
 * rank that does not return. The same comes of a release that waits for {@link Worker#call} to return.
 *
 * <p><b>Looking and sleeping.</b> The end of a call is a store by the driver into shared memory that wakes nobody here, so
 * the thread looks every few milliseconds while something is armed, and for a moment after: calls that follow each other
 * then arm with a store and no system call. After that it sleeps until it is woken. Arming stores what is armed, then reads
 * whether the thread sleeps; the thread stores that it sleeps, then reads what is armed. All four are volatile, so at least
 * one side sees the other (Dekker); if both do, the spare permit costs one turn of the loop.
 */
final class CancelWatch implements Runnable, AutoCloseable {

    /** A few wake-ups of a thread in each of 64 processes must not be felt. */
    private static final long LOOK_NANOS = CallContext.RELEASE_MILLIS * 1_000_000L;
    /** A fifth of a second. */
    private static final int LOOKS_UNARMED = 40;

    private record Armed(long callId, Runnable release) {
    }

    private final int rank;
    private final LongPredicate ended;
    private final WorkerRun.Host host;
    private final Thread loop = Thread.currentThread();
    private @Nullable Thread thread;
    private boolean used;
    // written under the monitor
    private volatile @Nullable Armed armed;
    private volatile boolean asleep;
    private volatile boolean closed;

    /**
     * By the loop thread.
     *
     * @param ended whether this call is over; only asked while one is armed
     * @param host  told what a release threw
     */
    CancelWatch(int rank, LongPredicate ended, WorkerRun.Host host) {
        this.rank = rank;
        this.ended = ended;
        this.host = host;
    }

    /** In place of what was armed before. */
    void arm(long callId, Runnable release) {
        if (Thread.currentThread() != loop) {
            throw new IllegalStateException("onCancel is for the loop thread: thread="
                    + Thread.currentThread().getName() + " loop=" + loop.getName());
        }
        used = true;
        set(new Armed(callId, release));
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("rollcall-release-" + rank).start(this);
        } else if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /** The handler has returned. */
    void disarm() {
        if (used) {
            used = false;
            set(null);
        }
    }

    private synchronized void set(@Nullable Armed now) {
        armed = now;
    }

    /** Nothing is armed any more, and nothing will be. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /** For tests: whether it waits without looking. */
    boolean isAsleep() {
        return asleep;
    }

    @Override
    public void run() {
        int unarmed = 0;
        while (!closed) {
            boolean _ = Thread.interrupted(); // a release may leave one behind, and no wait would last any more
            if (armed != null) {
                unarmed = 0;
                look();
                LockSupport.parkNanos(this, LOOK_NANOS);
            } else if (unarmed++ < LOOKS_UNARMED) {
                LockSupport.parkNanos(this, LOOK_NANOS);
            } else {
                asleep = true;
                if (armed == null && !closed) {
                    LockSupport.park(this);
                }
                asleep = false;
                unarmed = 0;
            }
        }
    }

    private synchronized void look() {
        Armed now = armed;
        if (now == null || !ended.test(now.callId())) {
            return;
        }
        armed = null;
        try {
            now.release().run();
        } catch (Throwable t) {
            // The handler stays where it is; whoever watches will say so.
            host.print("release threw call=" + now.callId(), t);
        }
    }
}
