package dev.rollcall.shm.os;

/**
 * A full fence in every thread of this process at once (membarrier(2), private expedited; Linux 4.14). It lets the side of a
 * protocol that runs often go without a fence of its own. Any thread.
 */
public final class Membarrier {
    private static final long PRIVATE_EXPEDITED = 1 << 3;
    private static final long REGISTER_PRIVATE_EXPEDITED = 1 << 4;
    private static final boolean AVAILABLE = call(REGISTER_PRIVATE_EXPEDITED) == 0;

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

    private static long call(long command) {
        try {
            return (long) Native.SYSCALL.invokeExact(Native.SYS_MEMBARRIER, command, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
