package dev.rollcall.shm;

import dev.rollcall.shm.os.MappedFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A plain shared mapping for an embedder's own words, beside the group's own files. Any thread; what is stored where is
 * the embedder's business.
 */
public final class SharedFile implements AutoCloseable {
    private final MappedFile file;

    private SharedFile(MappedFile file) {
        this.file = file;
    }

    /**
     * Creates the file, mode 0600, blocks reserved, all zero.
     *
     * @param path  must not exist; see {@link GroupDirectory#file(String)}
     * @param bytes length, bytes
     * @return the mapping
     * @throws NoSpaceException      when it does not fit
     * @throws SegmentInUseException when it exists
     */
    public static SharedFile create(Path path, long bytes) {
        return new SharedFile(MappedFile.create(path, bytes));
    }

    /**
     * Maps an existing file of the same user.
     *
     * @param path     the file
     * @param readOnly map without the right to store
     * @return the mapping
     */
    public static SharedFile open(Path path, boolean readOnly) {
        return new SharedFile(MappedFile.open(path, 1, readOnly));
    }

    /**
     * The mapped bytes.
     *
     * @return the memory, valid until {@link #close()}
     */
    public MemorySegment memory() {
        return file.memory();
    }

    /** Unmaps; the file stays. No thread may be waiting on this memory. */
    @Override
    public void close() {
        file.close();
    }
}
