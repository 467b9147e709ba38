package dev.rollcall.shm.os;

import dev.rollcall.shm.IncompatibleSegmentException;
import dev.rollcall.shm.SegmentInUseException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongUnaryOperator;

/**
 * A file mapped shared, its descriptor kept for locks. The mapping is safe to use from any thread; access after
 * {@link #close()} is an {@link IllegalStateException}, never a crash. Locks are open-file-description locks: the kernel
 * drops them when this object's descriptor closes or the process dies, and not before.
 */
public final class MappedFile implements AutoCloseable {
    private final Path path;
    private final int fd;
    private final Arena arena;
    private final MemorySegment memory;

    private MappedFile(Path path, int fd, Arena arena, MemorySegment memory) {
        this.path = path;
        this.fd = fd;
        this.arena = arena;
        this.memory = memory;
    }

    /**
     * Creates a file with mode 0600 and reserves its blocks; nothing is mapped when there is no room. A file of no bytes
     * maps to nothing: only its locks are of use.
     *
     * @param path  must not exist
     * @param bytes length, bytes
     * @return the mapping, all zero
     * @throws SegmentInUseException               when the file exists
     * @throws dev.rollcall.shm.NoSpaceException    when the file system is full; the file is removed again
     */
    public static MappedFile create(Path path, long bytes) {
        return create(path, bytes, bytes);
    }

    /**
     * As {@link #create(Path, long)}, with everything from {@code mirrorAt} to the end mapped a second time right behind
     * the first mapping.
     *
     * @param path     must not exist
     * @param bytes    length, bytes; a multiple of the page size when mirrored
     * @param mirrorAt where the mirrored part begins, a multiple of the page size; {@code bytes} for no mirror
     * @return the mapping, all zero
     */
    public static MappedFile create(Path path, long bytes, long mirrorAt) {
        int fd = Descriptors.tryOpen(path, Native.O_RDWR | Native.O_CREAT | Native.O_EXCL, 0600);
        if (fd == -Native.EEXIST) {
            throw new SegmentInUseException("file exists: path=" + path);
        }
        if (fd < 0) {
            throw Native.failed("open", -fd, "path=" + path);
        }
        try {
            if (bytes > 0) {
                Descriptors.reserve(fd, bytes, path);
            }
            return map(path, fd, bytes, mirrorAt, Native.PROT_READ_WRITE);
        } catch (RuntimeException e) {
            Descriptors.close(fd);
            if (!path.toFile().delete() && Files.exists(path)) {
                e.addSuppressed(new IllegalStateException("could not remove path=" + path));
            }
            throw e;
        }
    }

    /**
     * Maps an existing file of this user, whole.
     *
     * @param path     the file
     * @param minBytes shorter files are refused, bytes
     * @param readOnly map without the right to store
     * @return the mapping
     * @throws IncompatibleSegmentException when the file is too short or belongs to another user
     */
    public static MappedFile open(Path path, long minBytes, boolean readOnly) {
        return open(path, minBytes, readOnly, size -> size);
    }

    /**
     * As {@link #open(Path, long, boolean)}, mirrored.
     *
     * @param path     the file
     * @param minBytes shorter files are refused, bytes
     * @param readOnly map without the right to store
     * @param mirrorAt from the file's size to where the mirrored part begins
     * @return the mapping
     */
    public static MappedFile open(
            Path path, long minBytes, boolean readOnly, LongUnaryOperator mirrorAt) {
        int fd = Descriptors.open(path, readOnly ? Native.O_RDONLY : Native.O_RDWR, 0);
        try {
            FileFacts facts = Descriptors.facts(fd);
            if (facts.uid() != Linux.uid() && !readOnly) {
                throw new IncompatibleSegmentException(
                        "file belongs to another user: expectedUid=" + Linux.uid() + " foundUid=" + facts.uid()
                                + " path=" + path);
            }
            if (facts.size() < minBytes) {
                throw new IncompatibleSegmentException(
                        "file is too short: expectedBytes>=" + minBytes + " foundBytes=" + facts.size() + " path="
                                + path);
            }
            int protection = readOnly ? Native.PROT_READ : Native.PROT_READ_WRITE;
            return map(path, fd, facts.size(), mirrorAt.applyAsLong(facts.size()), protection);
        } catch (RuntimeException e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    /**
     * The whole mapping, mirror included.
     *
     * @return the memory; valid until {@link #close()}
     */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Which file.
     *
     * @return its path at the time it was opened
     */
    public Path path() {
        return path;
    }

    /**
     * Takes the lock on one byte (which need not exist) of this file.
     *
     * @param index byte
     * @return false when another descriptor, of this process or another, holds it
     */
    public boolean tryLock(long index) {
        return Descriptors.tryLockByte(fd, index);
    }

    /**
     * Gives the lock back.
     *
     * @param index byte
     */
    public void unlock(long index) {
        Descriptors.unlockByte(fd, index);
    }

    /**
     * Whether somebody else holds the lock: proof that its owner lives (stopped or not).
     *
     * @param index byte
     * @return true while another descriptor holds it
     */
    public boolean isLockedByOther(long index) {
        return Descriptors.isByteLockedByOther(fd, index);
    }

    /** Unmaps and closes; idempotent. No thread may be waiting on this memory. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            Descriptors.close(fd);
        }
    }

    private static MappedFile map(Path path, int fd, long bytes, long mirrorAt, int protection) {
        if (bytes == 0) {
            return new MappedFile(path, fd, Arena.ofShared(), MemorySegment.NULL);
        }
        long mirrored = bytes - mirrorAt;
        long address = mmap(0, bytes + mirrored, Native.PROT_NONE, Native.MAP_RESERVE_ONLY, -1, 0, path);
        try {
            long _ = mmap(address, bytes, protection, Native.MAP_SHARED | Native.MAP_FIXED, fd, 0, path);
            if (mirrored > 0) {
                long _ = mmap(
                        address + bytes, mirrored, protection, Native.MAP_SHARED | Native.MAP_FIXED, fd, mirrorAt,
                        path);
            }
        } catch (RuntimeException e) {
            munmap(address, bytes + mirrored);
            throw e;
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = MemorySegment.ofAddress(address)
                .reinterpret(bytes + mirrored, arena, whole -> munmap(whole.address(), bytes + mirrored));
        return new MappedFile(path, fd, arena, protection == Native.PROT_READ ? memory.asReadOnly() : memory);
    }

    private static long mmap(long address, long bytes, int protection, int flags, int fd, long at, Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            long result = (long) Native.MMAP.invokeExact(errno, address, bytes, protection, flags, fd, at);
            if (result == -1) {
                throw Native.failed("mmap", Native.errno(errno), "bytes=" + bytes + " path=" + path);
            }
            return result;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static void munmap(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Native.errnoSegment(arena);
            int result = (int) Native.MUNMAP.invokeExact(errno, address, bytes);
            if (result != 0) {
                throw Native.failed("munmap", Native.errno(errno), "bytes=" + bytes);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
