package dev.rollcall.shm.os;

import dev.rollcall.shm.SegmentInUseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A directory held under {@code flock}, by one creator or sweeper at a time. Any thread may take it; the one who did
 * closes it.
 */
public final class LockedDirectory implements AutoCloseable {
    private static final long RETRY_NANOS = 2_000_000;
    private final int fd;

    private LockedDirectory(int fd) {
        this.fd = fd;
    }

    /**
     * Locks a directory of this user, and makes sure that what it locked is still what the path names.
     *
     * @param path         the directory
     * @param timeoutNanos how long to wait for another holder, nanoseconds
     * @return the lock, or null when there is no such directory
     * @throws SegmentInUseException when another process holds it for longer than that
     * @throws dev.rollcall.shm.IncompatibleSegmentException when it is another user's, or others can write to it
     */
    public static @Nullable LockedDirectory lock(Path path, long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        while (true) {
            int fd = Descriptors.tryOpen(path, Native.O_RDONLY | Native.O_DIRECTORY, 0);
            if (fd == -Native.ENOENT) {
                return null;
            }
            if (fd < 0) {
                throw Native.failed("open", -fd, "path=" + path);
            }
            boolean ours = false;
            try {
                FileFacts opened = Descriptors.facts(fd);
                opened.requirePrivateDirectory(path);
                boolean locked = Descriptors.tryFlock(fd);
                ours = locked && isStillNamed(path, opened);
                if (ours) {
                    return new LockedDirectory(fd);
                }
                if (locked) {
                    continue; // the former holder removed it; look again
                }
            } finally {
                if (!ours) {
                    Descriptors.close(fd);
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw new SegmentInUseException(
                        "directory is locked by another process: waitedMs=" + timeoutNanos / 1_000_000 + " path="
                                + path);
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private static boolean isStillNamed(Path path, FileFacts opened) {
        try {
            return opened.isSameFile(FileFacts.of(path));
        } catch (NoSuchFileException removed) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read path=" + path, e);
        }
    }

    @Override
    public void close() {
        Descriptors.close(fd);
    }
}
