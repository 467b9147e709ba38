package dev.rollcall.shm.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A handle on one process that cannot come to mean another. Any thread, but close it only when no other thread waits in
 * {@link #awaitDeath}. Closed twice is closed once; used after close is an {@link IllegalStateException}.
 */
public final class PidFd implements AutoCloseable {
    private static final short POLLIN = 1;

    private final ProcessIdentity identity;
    private int fd;

    private PidFd(ProcessIdentity identity, int fd) {
        this.identity = identity;
        this.fd = fd;
    }

    /**
     * Opens a handle, then compares the identity, so that a recycled pid is refused.
     *
     * @param identity whom to open
     * @return the handle, or null when that process is gone
     * @throws dev.rollcall.shm.UnsupportedPlatformException when it lives in another pid namespace
     */
    public static @Nullable PidFd open(ProcessIdentity identity) {
        identity.requireSameNamespace();
        int fd = (int) syscall(Native.SYS_PIDFD_OPEN, identity.pid(), 0, "pidfd_open pid=" + identity.pid());
        if (fd < 0) {
            return null;
        }
        boolean same = false;
        try {
            same = identity.isAlive();
        } finally {
            if (!same) {
                Descriptors.close(fd);
            }
        }
        return same ? new PidFd(identity, fd) : null;
    }

    /**
     * Whom this handle means.
     *
     * @return the identity it was opened with
     */
    public ProcessIdentity identity() {
        return identity;
    }

    /**
     * Whether the process has ended, reaped or not. Does not block.
     *
     * @return true once it is dead
     */
    public boolean isDead() {
        return awaitDeath(0);
    }

    /**
     * Waits for the end of the process; an interrupt does not end the wait, so keep it short.
     *
     * @param timeoutNanos at most this long, nanoseconds
     * @return true once it is dead
     */
    public boolean awaitDeath(long timeoutNanos) {
        long nanos = Math.max(0, timeoutNanos);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timespec = arena.allocate(16, 8);
            timespec.set(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000L);
            timespec.set(ValueLayout.JAVA_LONG, 8, nanos % 1_000_000_000L);
            MemorySegment poll = arena.allocate(8, 4);
            poll.set(ValueLayout.JAVA_INT, 0, fd());
            poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            return Native.call(Native.SYS_PPOLL, poll.address(), 1, timespec.address(), 0) > 0;
        }
    }

    /**
     * Sends a signal.
     *
     * @param signal which
     * @return false when the process is gone
     * @throws IllegalArgumentException for the calling process itself
     */
    public synchronized boolean signal(Signal signal) {
        if (identity.pid() == ProcessHandle.current().pid()) {
            throw new IllegalArgumentException(
                    "refusing to signal myself: pid=" + identity.pid() + " signal=" + signal);
        }
        return syscall(Native.SYS_PIDFD_SEND_SIGNAL, fd(), signal.number(), signal + " pid=" + identity.pid()) == 0;
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Descriptors.close(fd);
            fd = -1;
        }
    }

    private synchronized int fd() {
        if (fd < 0) {
            throw new IllegalStateException("pidfd is closed: pid=" + identity.pid());
        }
        return fd;
    }

    /** Less than zero stands for "no such process"; every other failure is an error. */
    private static long syscall(long number, long a, long b, String details) {
        long result = Native.call(number, a, b);
        if (result < 0 && !isGone(number, (int) -result)) {
            throw Native.failed("pidfd", (int) -result, details);
        }
        return result;
    }

    /** A number that now names a thread and no process is refused with ENOENT, by older kernels with EINVAL. */
    private static boolean isGone(long number, int errno) {
        return errno == Native.ESRCH
                || (number == Native.SYS_PIDFD_OPEN && (errno == Native.ENOENT || errno == Native.EINVAL));
    }
}
