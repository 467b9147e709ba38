package dev.rollcall.shm.os;

import dev.rollcall.shm.RollcallException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * System calls and their constants; everything else in this package goes through here. Any thread.
 *
 * <p>All go through {@code syscall(2)} with six longs, so that the JVM makes code for two shapes of call and not for each
 * function: measured, that is most of what a worker does before it is ready.
 */
final class Native {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));
    /** Directory and no-follow flags differ between the two architectures. */
    static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;

    static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EOPNOTSUPP = 95;
    static final int ENOENT = 2;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int ESRCH = 3;

    static final int F_OFD_GETLK = 36;
    static final int F_OFD_SETLK = 37;
    static final short F_WRLCK = 1;
    static final short F_UNLCK = 2;
    static final int LOCK_EX_NB = 2 | 4;

    static final int PROT_NONE = 0;
    static final int PROT_READ = 1;
    static final int PROT_READ_WRITE = 3;
    static final int MAP_SHARED = 1;
    static final int MAP_FIXED = 0x10;
    static final int MAP_RESERVE_ONLY = 2 | 0x20 | 0x4000; // PRIVATE | ANONYMOUS | NORESERVE

    static final int MADV_POPULATE_READ = 22;
    static final int MADV_COLLAPSE = 25;

    static final long SYS_CLOSE = ARM ? 57 : 3;
    static final long SYS_EXIT_GROUP = ARM ? 94 : 231;
    static final long SYS_FALLOCATE = ARM ? 47 : 285;
    static final long SYS_FCNTL = ARM ? 25 : 72;
    static final long SYS_FLOCK = ARM ? 32 : 73;
    static final long SYS_FUTEX = ARM ? 98 : 202;
    static final long SYS_GETUID = ARM ? 174 : 102;
    static final long SYS_MADVISE = ARM ? 233 : 28;
    static final long SYS_MEMBARRIER = ARM ? 283 : 324;
    static final long SYS_MMAP = ARM ? 222 : 9;
    static final long SYS_MUNMAP = ARM ? 215 : 11;
    static final long SYS_NANOSLEEP = ARM ? 101 : 35;
    static final long SYS_OPENAT = ARM ? 56 : 257;
    static final long SYS_PPOLL = ARM ? 73 : 271;
    static final long SYS_READ = ARM ? 63 : 0;
    static final long SYS_PIDFD_SEND_SIGNAL = 424;
    static final long SYS_PIDFD_OPEN = 434;

    /** For openat: relative paths count from the working directory. */
    static final long AT_FDCWD = -100;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG);

    /** {@code long syscall(long nr, a, b, c, d, e, f)}, errno not captured: for futexes, whose result needs no errno. */
    static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"), SHAPE, Linker.Option.firstVariadicArg(1));

    private static final MethodHandle SYSCALL_ERRNO = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"), SHAPE, Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));

    private Native() {
    }

    /** The result, or the negative errno. What an address points to must outlive the call. */
    static long call(long number, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = (long) SYSCALL_ERRNO.invokeExact(state, number, a, b, c, d, e, f);
            return result == -1 ? -state.get(ValueLayout.JAVA_INT, ERRNO) : result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long call(long number, long a, long b, long c, long d) {
        return call(number, a, b, c, d, 0, 0);
    }

    static long call(long number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    static long call(long number, long a, long b) {
        return call(number, a, b, 0, 0, 0, 0);
    }

    static long call(long number, long a) {
        return call(number, a, 0, 0, 0, 0, 0);
    }

    static long call(long number) {
        return call(number, 0, 0, 0, 0, 0, 0);
    }

    /** The C library's own way where the file system has none: it writes. Returns zero or errno. */
    static int allocateByWriting(int fd, long bytes) {
        try {
            return (int) ByWriting.POSIX_FALLOCATE.invokeExact(fd, 0L, bytes);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static final class ByWriting {
        static final MethodHandle POSIX_FALLOCATE = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("posix_fallocate"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, LONG, LONG));
    }

    static RollcallException failed(String call, int errno, String details) {
        return new RollcallException(call + " failed errno=" + errno + " (" + errnoName(errno) + ") " + details);
    }

    static String errnoName(int errno) {
        return switch (errno) {
            case 1 -> "EPERM";
            case ENOENT -> "ENOENT";
            case ESRCH -> "ESRCH";
            case EINTR -> "EINTR";
            case 9 -> "EBADF";
            case EAGAIN -> "EAGAIN";
            case 12 -> "ENOMEM";
            case EACCES -> "EACCES";
            case EEXIST -> "EEXIST";
            case 20 -> "ENOTDIR";
            case EINVAL -> "EINVAL";
            case 24 -> "EMFILE";
            case ENOSPC -> "ENOSPC";
            case 40 -> "ELOOP";
            default -> "errno " + errno;
        };
    }

    /** A downcall handle declares no checked exception; this keeps that knowledge in one place. */
    static RuntimeException unexpected(Throwable t) {
        if (t instanceof RuntimeException runtime) {
            return runtime;
        }
        if (t instanceof Error error) {
            throw error;
        }
        return new RollcallException("native call threw", t);
    }
}
