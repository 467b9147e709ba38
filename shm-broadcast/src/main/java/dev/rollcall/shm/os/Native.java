package dev.rollcall.shm.os;

import dev.rollcall.shm.RollcallException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The downcall handles and constants; everything else in this package goes through here. Any thread. */
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

    static final long SYS_FUTEX = ARM ? 98 : 202;
    static final long SYS_MEMBARRIER = ARM ? 283 : 324;
    static final long SYS_PIDFD_SEND_SIGNAL = 424;
    static final long SYS_PIDFD_OPEN = 434;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final AddressLayout PTR = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /** {@code long syscall(long nr, a, b, c, d, e, f)}, errno not captured: for futexes, whose result needs no errno. */
    static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG),
            Linker.Option.firstVariadicArg(1));

    static final MethodHandle SYSCALL_ERRNO = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));

    static final MethodHandle OPEN = variadic("open", 2, FunctionDescriptor.of(INT, PTR, INT, INT));
    static final MethodHandle FCNTL = variadic("fcntl", 2, FunctionDescriptor.of(INT, INT, INT, PTR));
    static final MethodHandle CLOSE = plain("close", FunctionDescriptor.of(INT, INT));
    static final MethodHandle FLOCK = plain("flock", FunctionDescriptor.of(INT, INT, INT));
    static final MethodHandle FALLOCATE = plain("posix_fallocate", FunctionDescriptor.of(INT, INT, LONG, LONG));
    static final MethodHandle MMAP = plain("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
    static final MethodHandle MUNMAP = plain("munmap", FunctionDescriptor.of(INT, LONG, LONG));
    static final MethodHandle MADVISE = plain("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));
    static final MethodHandle POLL = plain("poll", FunctionDescriptor.of(INT, PTR, LONG, INT));
    static final MethodHandle NANOSLEEP = plain("nanosleep", FunctionDescriptor.of(INT, PTR, PTR));
    static final MethodHandle GETUID = plain("getuid", FunctionDescriptor.of(INT));

    private Native() {
    }

    private static MethodHandle plain(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.firstVariadicArg(fixed),
                Linker.Option.captureCallState("errno"));
    }

    static MemorySegment errnoSegment(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
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
