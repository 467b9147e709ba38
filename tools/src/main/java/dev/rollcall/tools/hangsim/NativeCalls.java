package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.RollcallException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** System calls that no healthy program would make. Any thread. */
final class NativeCalls {
    private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));
    private static final long SYS_EXIT = ARM ? 93 : 60;
    private static final long SYS_SET_TID_ADDRESS = ARM ? 96 : 218;
    private static final int SCHED_IDLE = 5;
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS_FIXED = 0x2 | 0x20 | 0x10;
    private static final int OWNER_ONLY = 0600;
    private static final Linker LINKER = Linker.nativeLinker();

    private NativeCalls() {
    }

    /**
     * Ends the calling thread for the kernel; neither the JVM nor who would join it is told. Does not return.
     *
     * @param now run just before, when all is prepared
     */
    static void endThisThread(Runnable now) {
        MethodHandle syscall = handle("syscall", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG), Linker.Option.firstVariadicArg(1));
        call(syscall, SYS_SET_TID_ADDRESS, 0L); // or the launcher sees its main thread end, and ends the process
        now.run();
        call(syscall, SYS_EXIT, 0L);
    }

    /** From here on that range of memory is this process's own, and empty. */
    static void replaceByPrivateMemory(long address, long bytes) {
        long at = ((Number) call(handle("mmap", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG)), address, bytes, READ_WRITE, PRIVATE_ANONYMOUS_FIXED, -1, 0L)).longValue();
        require(at == address, "mmap");
    }

    static void makeFifo(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            int result = ((Number) call(handle("mkfifo",
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)),
                    arena.allocateFrom(path.toString()), OWNER_ONLY)).intValue();
            require(result == 0, "mkfifo path=" + path);
        }
    }

    /** Lets a thread run only when nobody else wants to. */
    static boolean runWhenIdle(int tid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment priority = arena.allocate(ValueLayout.JAVA_INT);
            return ((Number) call(handle("sched_setscheduler", FunctionDescriptor.of(ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)), tid, SCHED_IDLE, priority))
                    .intValue() == 0;
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw new RollcallException("native call failed", t);
        }
    }

    private static void require(boolean done, String what) {
        if (!done) {
            throw new RollcallException("system call failed call=" + what);
        }
    }
}
