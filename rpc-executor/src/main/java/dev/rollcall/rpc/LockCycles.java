package dev.rollcall.rpc;

import dev.rollcall.shm.board.BoardWorker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says on the board when the loop thread is caught in a cycle of Java locks, or waits behind one: nobody outside can see
 * that, and it never ends by itself. Pulse thread only.
 *
 * <p>
 * Looks only while the loop thread has waited for a lock, without a bound, in the same call since the last pulse: a
 * healthy worker never pays, not even for loading the management classes. A timed wait is no proof, and virtual threads
 * are not known to {@link ThreadMXBean}.
 */
final class LockCycles {
    private static final int MAX_THREADS = 16;

    private final Thread loop;
    private final BoardWorker marks;

    private @Nullable ThreadMXBean threads;
    private boolean unavailable;
    private long waitsIn;
    private long looks;

    LockCycles(Thread loop, BoardWorker marks) {
        this.loop = loop;
        this.marks = marks;
    }

    /** Once per pulse. */
    void look() {
        long call = marks.current();
        boolean waits = call != 0 && waitsWithoutBound(loop.getState());
        boolean same = waits && call == waitsIn;
        waitsIn = waits ? call : 0;
        String cycle = same ? find() : null;
        if (cycle != null) {
            marks.lockCycle(call, ++looks, cycle);
        } else if (looks > 0) {
            looks = 0;
            marks.noLockCycle();
        }
    }

    private static boolean waitsWithoutBound(Thread.State state) {
        return state == Thread.State.BLOCKED || state == Thread.State.WAITING;
    }

    /** Who waits for whom, from the loop thread on; null when there is no cycle, or it cannot be known. */
    private @Nullable String find() {
        ThreadMXBean bean = threads();
        long[] caught = bean == null ? null : bean.findDeadlockedThreads();
        if (bean == null || caught == null) {
            return null;
        }
        Set<Long> inCycle = new HashSet<>();
        for (long id : caught) {
            inCycle.add(id);
        }
        StringBuilder text = new StringBuilder();
        Set<Long> seen = new HashSet<>();
        boolean met = false;
        for (long id = loop.threadId(); seen.size() < MAX_THREADS && seen.add(id);) {
            ThreadInfo info = bean.getThreadInfo(id);
            if (info == null || !waitsWithoutBound(info.getThreadState()) || info.getLockOwnerId() < 0) {
                return null; // it has moved, or its wait has a bound
            }
            met |= inCycle.contains(id);
            text.append(text.isEmpty() ? "" : ", ").append('"').append(info.getThreadName()).append("\" waits for ")
                    .append(info.getLockName()).append(" held by \"").append(info.getLockOwnerName()).append('"');
            id = info.getLockOwnerId();
        }
        return met ? text.toString() : null;
    }

    /** A runtime image need not have them. */
    private @Nullable ThreadMXBean threads() {
        if (threads == null && !unavailable) {
            try {
                threads = ManagementFactory.getThreadMXBean();
            } catch (LinkageError | RuntimeException e) {
                unavailable = true;
                System.err.println("rollcall: cycles of locks will not be seen error=" + e);
            }
        }
        return threads;
    }
}
