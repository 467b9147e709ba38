package dev.rollcall.shm.os;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.UnsupportedPlatformException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who a process is, safe against reuse of its number: a pid alone is recycled, differs between pid namespaces and
 * means nothing after a reboot. Any thread.
 *
 * @param pid          process id as seen in its own pid namespace
 * @param startTicks   start time since boot in clock ticks, field 22 of {@code /proc/<pid>/stat}
 * @param bootIdHigh   upper half of the boot id
 * @param bootIdLow    lower half of the boot id
 * @param pidNamespace inode of the pid namespace, 0 where it may not be read
 */
public record ProcessIdentity(int pid, long startTicks, long bootIdHigh, long bootIdLow, long pidNamespace) {
    private static final UUID BOOT_ID = readBootId();
    private static final long OWN_NAMESPACE = namespace((int) ProcessHandle.current().pid());
    private static final int STATE = 0;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;
    /** Fifty-two numbers and a name of at most 64 bytes. */
    private static final long STAT_BYTES = 2048;

    /**
     * The calling process.
     *
     * @return its identity
     */
    public static ProcessIdentity self() {
        ProcessIdentity self = of((int) ProcessHandle.current().pid());
        if (self == null) {
            throw new IllegalStateException("/proc does not show this process");
        }
        return self;
    }

    /**
     * Reads who has this number now.
     *
     * @param pid process id in this process's namespace
     * @return the identity, or null when there is no such process
     * @throws RollcallException when that cannot be found out, for instance for want of a file descriptor
     */
    public static @Nullable ProcessIdentity of(int pid) {
        String[] stat = stat(pid);
        return stat == null
                ? null
                : new ProcessIdentity(
                        pid,
                        Long.parseLong(stat[START_TICKS]),
                        BOOT_ID.getMostSignificantBits(),
                        BOOT_ID.getLeastSignificantBits(),
                        namespace(pid));
    }

    /**
     * Whether this very process still runs. A leader that has ended while other threads live (state Z) counts as alive;
     * an unreaped zombie does not.
     *
     * @return true while it lives
     * @throws RollcallException            when that cannot be found out, for instance for want of a file descriptor
     * @throws UnsupportedPlatformException when it lives in another pid namespace, where its number means somebody else
     */
    public boolean isAlive() {
        requireSameNamespace();
        String[] stat = stat(pid);
        if (stat == null || Long.parseLong(stat[START_TICKS]) != startTicks || !sameBoot()) {
            return false;
        }
        boolean zombie = "Z".equals(stat[STATE]) || "X".equals(stat[STATE]);
        return !zombie || Integer.parseInt(stat[THREADS]) > 1;
    }

    void requireSameNamespace() {
        if (sameBoot() && pidNamespace != 0 && OWN_NAMESPACE != 0 && pidNamespace != OWN_NAMESPACE) {
            throw new UnsupportedPlatformException("process is in another pid namespace: pid=" + pid + " pidNamespace="
                    + pidNamespace + " ownPidNamespace=" + OWN_NAMESPACE);
        }
    }

    private boolean sameBoot() {
        return bootIdHigh == BOOT_ID.getMostSignificantBits() && bootIdLow == BOOT_ID.getLeastSignificantBits();
    }

    /**
     * Fields of {@code /proc/<pid>/stat} after the command's closing parenthesis: index 0 is the state letter. Null when
     * there is no such process, and for no other reason: who cannot look does not know.
     */
    private static String @Nullable [] stat(int pid) {
        Path path = Path.of("/proc/" + pid + "/stat");
        int fd = Descriptors.tryOpen(path, Native.O_RDONLY, 0);
        if (fd < 0) {
            return gone("open", -fd, path);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(STAT_BYTES);
            int length = Descriptors.tryRead(fd, bytes);
            if (length < 0) {
                return gone("read", -length, path);
            }
            // ISO-8859-1: the command name may be any bytes.
            String line = new String(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE),
                    StandardCharsets.ISO_8859_1);
            return line.substring(line.lastIndexOf(')') + 2).strip().split(" ", -1);
        } finally {
            Descriptors.close(fd);
        }
    }

    private static String @Nullable [] gone(String call, int errno, Path path) {
        if (errno == Native.ENOENT || errno == Native.ESRCH) {
            return null;
        }
        throw Native.failed(call, errno, "path=" + path);
    }

    private static long namespace(int pid) {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/pid")).toString();
            return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
        } catch (IOException notAllowed) {
            return 0;
        }
    }

    private static UUID readBootId() {
        try {
            return UUID.fromString(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        } catch (IOException e) {
            return new UUID(0, 0);
        }
    }
}
