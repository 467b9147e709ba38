package dev.rollcall.shm.os;

import dev.rollcall.shm.IncompatibleSegmentException;
import dev.rollcall.shm.SegmentInUseException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

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
        return create(path, bytes, bytes, Linux.pageSize());
    }

    /**
     * As {@link #create(Path, long)}, with everything from {@code mirrorAt} to the end mapped a second time right behind
     * the first mapping.
     *
     * @param path     must not exist
     * @param bytes    length, bytes; a multiple of the page size when mirrored
     * @param mirrorAt where the mirrored part begins, a multiple of the page size; {@code bytes} for no mirror
     * @param alignment of the mirrored part in memory, bytes, a power of two and at least the page size
     * @return the mapping, all zero
     */
    public static MappedFile create(Path path, long bytes, long mirrorAt, long alignment) {
        int fd = Descriptors.tryOpen(path, Native.O_RDWR | Native.O_CREAT | Native.O_EXCL, 0600);
        if (fd == -Native.EEXIST) {
            throw new SegmentInUseException("file exists: path=" + path);
        }
        if (fd < 0) {
            throw Native.failed("open", -fd, "path=" + path);
        }
        try {
            Steps.at("file.create.opened");
            if (bytes > 0) {
                Descriptors.reserve(fd, bytes, path);
            }
            Steps.at("file.create.reserved");
            return map(path, fd, bytes, new Mirror(mirrorAt, alignment), Native.PROT_READ_WRITE);
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
        return open(path, minBytes, readOnly, (_, size) -> new Mirror(size, Linux.pageSize()));
    }

    /**
     * How a file's end is mapped twice.
     *
     * @param at        where the mirrored part begins, a multiple of the page size; the file's length for no mirror
     * @param alignment of the mirrored part in memory, bytes
     */
    public record Mirror(long at, long alignment) {
    }

    /** Looks at a file's header before the file is mapped. */
    @FunctionalInterface
    public interface HeaderCheck {
        /**
         * Checks, and says how to map.
         *
         * @param header    the first bytes, mapped during this call only
         * @param fileBytes length of the whole file, bytes
         * @return how to map it
         * @throws IncompatibleSegmentException when it must not be mapped
         */
        Mirror check(MemorySegment header, long fileBytes);
    }

    /**
     * As {@link #open(Path, long, boolean)}, mirrored.
     *
     * @param path        the file
     * @param headerBytes shorter files are refused, bytes
     * @param readOnly    map without the right to store
     * @param check       sees the first {@code headerBytes} of that very file
     * @return the mapping
     */
    public static MappedFile open(Path path, long headerBytes, boolean readOnly, HeaderCheck check) {
        int fd = Descriptors.open(path, readOnly ? Native.O_RDONLY : Native.O_RDWR, 0);
        try {
            FileFacts facts = Descriptors.facts(fd);
            if (facts.uid() != Linux.uid() && !readOnly) {
                throw new IncompatibleSegmentException(
                        "file belongs to another user: expectedUid=" + Linux.uid() + " foundUid=" + facts.uid()
                                + " path=" + path);
            }
            if (!facts.isRegularFile()) {
                throw new IncompatibleSegmentException(
                        "not a regular file: foundMode=" + Integer.toOctalString(facts.mode()) + " path=" + path);
            }
            if (facts.size() < headerBytes) {
                throw new IncompatibleSegmentException(
                        "file is too short: expectedBytes>=" + headerBytes + " foundBytes=" + facts.size() + " path="
                                + path);
            }
            int protection = readOnly ? Native.PROT_READ : Native.PROT_READ_WRITE;
            return map(path, fd, facts.size(), checked(path, fd, headerBytes, facts.size(), check), protection);
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
    public synchronized boolean tryLock(long index) {
        requireOpen();
        return Descriptors.tryLockByte(fd, index);
    }

    /**
     * Gives the lock back; closing did that already.
     *
     * @param index byte
     */
    public synchronized void unlock(long index) {
        if (arena.scope().isAlive()) {
            Descriptors.unlockByte(fd, index);
        }
    }

    /**
     * Whether somebody else holds the lock: proof that its owner lives (stopped or not).
     *
     * @param index byte
     * @return true while another descriptor holds it
     */
    public synchronized boolean isLockedByOther(long index) {
        requireOpen();
        return Descriptors.isByteLockedByOther(fd, index);
    }

    /** The number of a closed descriptor may be another file's by now. */
    private void requireOpen() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("file is closed: path=" + path);
        }
    }

    /**
     * A look at the memory during which it is not unmapped, for threads that nothing else keeps it for. Any thread.
     *
     * @param <T>    what is seen
     * @param look   brief: closing waits for it
     * @param closed in place of it, after {@link #close()}
     * @return what one of them says
     */
    public synchronized <T> T look(Supplier<? extends T> look, Supplier<? extends T> closed) {
        return arena.scope().isAlive() ? look.get() : closed.get();
    }

    /** Unmaps and closes; idempotent. No thread may be waiting on this memory. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            Descriptors.close(fd);
        }
    }

    private static Mirror checked(Path path, int fd, long headerBytes, long fileBytes, HeaderCheck check) {
        if (headerBytes == 0) {
            return check.check(MemorySegment.NULL, fileBytes);
        }
        long address = mmap(0, headerBytes, Native.PROT_READ, Native.MAP_SHARED, fd, 0, path);
        try {
            return check.check(MemorySegment.ofAddress(address).reinterpret(headerBytes).asReadOnly(), fileBytes);
        } finally {
            munmap(address, headerBytes);
        }
    }

    /**
     * Maps all pages now instead of at first touch; stores nothing. Best effort: a kernel before 5.14 leaves it to the
     * page faults.
     */
    public void prefault() {
        boolean _ = advise(Native.MADV_POPULATE_READ);
    }

    /**
     * Copies the pages into huge ones where that is possible. Best effort; for the creator, before anybody else maps the file.
     *
     * @return whether the kernel did it
     */
    public boolean collapseToHugePages() {
        return advise(Native.MADV_COLLAPSE);
    }

    private boolean advise(int advice) {
        return Native.call(Native.SYS_MADVISE, memory.address(), memory.byteSize(), advice) == 0;
    }

    private static MappedFile map(Path path, int fd, long bytes, Mirror mirror, int protection) {
        if (bytes == 0) {
            return new MappedFile(path, fd, Arena.ofShared(), MemorySegment.NULL);
        }
        long mirrored = bytes - mirror.at();
        // Room to shift the mapping so that the mirrored part comes to lie aligned; usually none is needed.
        long slack = mirror.alignment() - Linux.pageSize();
        long reserved = mmap(0, bytes + mirrored + slack, Native.PROT_NONE, Native.MAP_RESERVE_ONLY, -1, 0, path);
        long address = reserved + (-(reserved + mirror.at()) & (mirror.alignment() - 1) & -Linux.pageSize());
        try {
            long _ = mmap(address, bytes, protection, Native.MAP_SHARED | Native.MAP_FIXED, fd, 0, path);
            if (mirrored > 0) {
                long _ = mmap(
                        address + bytes, mirrored, protection, Native.MAP_SHARED | Native.MAP_FIXED, fd, mirror.at(),
                        path);
            }
        } catch (RuntimeException e) {
            munmap(reserved, bytes + mirrored + slack);
            throw e;
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = MemorySegment.ofAddress(address)
                .reinterpret(bytes + mirrored, arena, _ -> munmap(reserved, bytes + mirrored + slack));
        return new MappedFile(path, fd, arena, protection == Native.PROT_READ ? memory.asReadOnly() : memory);
    }

    private static long mmap(long address, long bytes, int protection, int flags, int fd, long at, Path path) {
        long result = Native.call(Native.SYS_MMAP, address, bytes, protection, flags, fd, at);
        if (result < 0) {
            throw Native.failed("mmap", (int) -result, "bytes=" + bytes + " path=" + path);
        }
        return result;
    }

    private static void munmap(long address, long bytes) {
        int error = (int) -Native.call(Native.SYS_MUNMAP, address, bytes);
        if (error != 0) {
            throw Native.failed("munmap", error, "bytes=" + bytes);
        }
    }
}
