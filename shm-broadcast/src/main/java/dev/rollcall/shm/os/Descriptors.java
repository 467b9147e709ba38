package dev.rollcall.shm.os;

import dev.rollcall.shm.NoSpaceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** File descriptors of our own: opened close-on-exec, so they are never passed to a child. Any thread. */
final class Descriptors {
    /** Never passed to a child, never through a link, never waiting for the other end of a FIFO. */
    private static final int ALWAYS = Native.O_CLOEXEC | Native.O_NOFOLLOW | Native.O_NONBLOCK;

    private Descriptors() {
    }

    /** Returns the descriptor, or the negative errno. */
    static int tryOpen(Path path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path.toString()).address();
            return (int) Native.call(Native.SYS_OPENAT, Native.AT_FDCWD, name, flags | ALWAYS, mode);
        }
    }

    static int open(Path path, int flags, int mode) {
        int fd = tryOpen(path, flags, mode);
        if (fd < 0) {
            throw Native.failed("open", -fd, "path=" + path);
        }
        return fd;
    }

    /** Bytes read, from where the descriptor stands; or the negative errno. */
    static int tryRead(int fd, MemorySegment into) {
        return (int) Native.call(Native.SYS_READ, fd, into.address(), into.byteSize());
    }

    static void close(int fd) {
        // On Linux the descriptor is gone whatever close returns.
        long _ = Native.call(Native.SYS_CLOSE, fd);
    }

    /** Reserves real blocks, so that a full file system is an error here and not SIGBUS at first touch. */
    static void reserve(int fd, long bytes, Path path) {
        int error;
        do {
            error = (int) -Native.call(Native.SYS_FALLOCATE, fd, 0, 0, bytes);
            if (error == Native.EOPNOTSUPP) {
                error = Native.allocateByWriting(fd, bytes);
            }
        } while (error == Native.EINTR);
        if (error == Native.ENOSPC) {
            throw new NoSpaceException(
                    "no room for a shared segment: needed=" + bytes + " free=" + free(path) + " path=" + path);
        }
        if (error != 0) {
            throw Native.failed("fallocate", error, "bytes=" + bytes + " path=" + path);
        }
    }

    private static long free(Path path) {
        try {
            return Files.getFileStore(Objects.requireNonNull(path.getParent())).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Inode, device, size, uid and mode of what is open, not of what the path names by now. */
    static FileFacts facts(int fd) {
        try {
            return FileFacts.of(Path.of("/proc/self/fd/" + fd));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the whole-directory lock that creators and sweepers share; false when somebody else has it. */
    static boolean tryFlock(int fd) {
        int error = (int) -Native.call(Native.SYS_FLOCK, fd, Native.LOCK_EX_NB);
        if (error != 0 && error != Native.EAGAIN && error != Native.EINTR) {
            throw Native.failed("flock", error, "fd=" + fd);
        }
        return error == 0;
    }

    /** Takes an open-file-description lock on one byte; false when another description holds it. */
    static boolean tryLockByte(int fd, long at) {
        return lockCall(fd, Native.F_OFD_SETLK, Native.F_WRLCK, at) == 0;
    }

    static void unlockByte(int fd, long at) {
        lockCall(fd, Native.F_OFD_SETLK, Native.F_UNLCK, at);
    }

    /** Whether another description holds that byte. */
    static boolean isByteLockedByOther(int fd, long at) {
        return lockCall(fd, Native.F_OFD_GETLK, Native.F_WRLCK, at) != Native.F_UNLCK;
    }

    /**
     * The kernel's {@code struct flock} on 64-bit: type 0 (short), whence 2 (short), start 8, length 16, pid 24 (int).
     * Returns -1 for "held by other" of SETLK, else the type found.
     */
    private static int lockCall(int fd, int command, short type, long at) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flock = arena.allocate(32, 8);
            flock.set(ValueLayout.JAVA_SHORT, 0, type);
            flock.set(ValueLayout.JAVA_LONG, 8, at);
            flock.set(ValueLayout.JAVA_LONG, 16, 1L);
            int error = (int) -Native.call(Native.SYS_FCNTL, fd, command, flock.address());
            if (error == 0) {
                return command == Native.F_OFD_GETLK ? flock.get(ValueLayout.JAVA_SHORT, 0) : 0;
            }
            if (command == Native.F_OFD_SETLK && (error == Native.EAGAIN || error == Native.EACCES)) {
                return -1;
            }
            throw Native.failed("fcntl(OFD lock)", error, "fd=" + fd + " byte=" + at);
        }
    }
}
