package dev.rollcall.shm.os;

import dev.rollcall.shm.UnsupportedPlatformException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** System calls that belong to no object. Any thread. */
public final class Linux {
    private static final int UID = callGetuid();

    private Linux() {
    }

    /**
     * The user this process runs as.
     *
     * @return the real uid
     */
    public static int uid() {
        return UID;
    }

    /**
     * The kernel's id of the calling thread, as in {@code /proc/self/task/<tid>}.
     *
     * @return the thread id
     */
    public static int gettid() {
        try {
            // /proc/thread-self resolves in the caller's own context: no per-architecture call number needed.
            return Integer.parseInt(
                    Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whose monotonic clock a process goes by: instants of two processes compare only where this is the same, as a restored
     * container may have a clock of its own.
     *
     * @param pid of a process
     * @return such as {@code time:[4026531834]}; {@code time:none} of a process that is gone, and of all before Linux 5.6
     * @throws IOException when it may not be known
     */
    public static String timeNamespace(long pid) throws IOException {
        return timeNamespace(Long.toString(pid));
    }

    /**
     * As {@link #timeNamespace(long)}, of this process.
     *
     * @return the same form
     * @throws IOException when it may not be known
     */
    public static String timeNamespace() throws IOException {
        return timeNamespace("self");
    }

    private static String timeNamespace(String process) throws IOException {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process + "/ns/time")).toString();
        } catch (NoSuchFileException none) {
            return "time:none";
        }
    }

    /**
     * The real page size.
     *
     * @return bytes, a power of two
     */
    public static long pageSize() {
        return PageSize.BYTES;
    }

    /**
     * Blocks the calling thread in one native call, as a wait for a device would. Interrupts do not end it.
     *
     * @param nanos how long, nanoseconds
     */
    public static void nanosleep(long nanos) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timespec = arena.allocate(16, 8);
            timespec.set(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000L);
            timespec.set(ValueLayout.JAVA_LONG, 8, nanos % 1_000_000_000L);
            long _ = Native.call(Native.SYS_NANOSLEEP, timespec.address(), 0);
        }
    }

    /**
     * Ends this process at once. {@link Runtime#halt} first waits for threads in native code, 300 ms, and for compilers,
     * up to ten seconds (HotSpot's {@code VM_Exit}); this waits for nobody, so that what the JVM itself would remove,
     * such as its hsperfdata file, is left to the next JVM.
     *
     * @param status what the parent reads, 0 to 255
     */
    public static void exitNow(int status) {
        long _ = Native.call(Native.SYS_EXIT_GROUP, status);
    }

    /** Raises a clear error where Rollcall cannot run: other systems, other word orders. */
    static void requireSupported() {
        String os = System.getProperty("os.name", "");
        String arch = System.getProperty("os.arch", "");
        if (!"Linux".equals(os) || !("amd64".equals(arch) || "aarch64".equals(arch))) {
            throw new UnsupportedPlatformException(
                    "shared segments need Linux on x86-64 or aarch64: os=" + os + " arch=" + arch);
        }
    }

    private static int callGetuid() {
        requireSupported();
        return (int) Native.call(Native.SYS_GETUID);
    }

    /** Read once from the auxiliary vector (AT_PAGESZ), which needs no call at all. */
    private static final class PageSize {
        static final long BYTES = read();

        private static long read() {
            try {
                MemorySegment auxv = MemorySegment.ofArray(Files.readAllBytes(Path.of("/proc/self/auxv")));
                for (long at = 0; at + 16 <= auxv.byteSize(); at += 16) {
                    if (auxv.get(ValueLayout.JAVA_LONG_UNALIGNED, at) == 6) {
                        return auxv.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 8);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return 4096;
        }
    }
}
