package dev.rollcall.shm.os;

/**
 * A full fence in other threads, at once (membarrier(2)): in all of this process (private expedited; Linux 4.14), or in all of all
 * processes that have registered for it (global expedited; Linux 4.16). It lets the side of a protocol that runs often go without
 * a fence of its own. Any thread.
 */
public final class Membarrier {
    private static final long GLOBAL_EXPEDITED = 1 << 1;
    private static final long REGISTER_GLOBAL_EXPEDITED = 1 << 2;
    private static final long PRIVATE_EXPEDITED = 1 << 3;
    private static final long REGISTER_PRIVATE_EXPEDITED = 1 << 4;
    private static final boolean AVAILABLE = call(REGISTER_PRIVATE_EXPEDITED) == 0;

    private static final boolean REGISTERED_FOR_ALL = call(REGISTER_GLOBAL_EXPEDITED) == 0;

    private Membarrier() {
    }

    /**
     * Whether this kernel has it and this process may use it; if not, the frequent side needs its own fence.
     *
     * @return always the same
     */
    public static boolean isAvailable() {
        return AVAILABLE;
    }

    /**
     * When this returns, every running thread of the process has passed a full fence since it was called. Some microseconds.
     *
     * @throws IllegalStateException when it is not available
     */
    public static void allThreads() {
        long result = call(PRIVATE_EXPEDITED);
        if (result != 0) {
            throw new IllegalStateException("membarrier failed: result=" + result + " available=" + AVAILABLE);
        }
    }

    /**
     * Whether the threads of this process take part in {@link #allProcesses()}, whoever calls it.
     *
     * @return always the same
     */
    public static boolean isRegisteredForAll() {
        return REGISTERED_FOR_ALL;
    }

    /**
     * When this returns true, every running thread of every registered process on this kernel has passed a full fence since it was
     * called. Some microseconds, and an interrupt for each core that such a thread runs on.
     *
     * @return false when the kernel, or a filter of system calls, does not allow it
     */
    public static boolean allProcesses() {
        return call(GLOBAL_EXPEDITED) == 0;
    }

    private static long call(long command) {
        try {
            return (long) Native.SYSCALL.invokeExact(Native.SYS_MEMBARRIER, command, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
