package dev.rollcall.shm.os;

import dev.rollcall.shm.IncompatibleSegmentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What {@code stat} says of a file. Any thread.
 *
 * @param device device number
 * @param inode  inode number
 * @param size   bytes
 * @param uid    owner
 * @param mode   type and permission bits, as {@code st_mode}
 */
public record FileFacts(long device, long inode, long size, int uid, int mode) {
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int WRITABLE_BY_OTHERS = 022;

    /**
     * Looks at a path.
     *
     * @param path    what to look at
     * @param options {@link LinkOption#NOFOLLOW_LINKS} for the link itself
     * @return the facts
     * @throws IOException when there is no such file or it may not be looked at
     */
    public static FileFacts of(Path path, LinkOption... options) throws IOException {
        Map<String, Object> unix = Files.readAttributes(path, "unix:ino,dev,size,uid,mode", options);
        return new FileFacts(
                number(unix, "dev"), number(unix, "ino"), number(unix, "size"), (int) number(unix, "uid"),
                (int) number(unix, "mode"));
    }

    /**
     * Insists on a directory of this user that nobody else can write to.
     *
     * @param path what was looked at, for the message
     * @throws IncompatibleSegmentException when it is anything else
     */
    public void requirePrivateDirectory(Path path) {
        if (uid != Linux.uid() || (mode & TYPE) != DIRECTORY || (mode & WRITABLE_BY_OTHERS) != 0) {
            throw new IncompatibleSegmentException("folder is not this user's own: expectedUid=" + Linux.uid()
                    + " foundUid=" + uid + " foundMode=" + Integer.toOctalString(mode) + " path=" + path);
        }
    }

    boolean isRegularFile() {
        return (mode & TYPE) == REGULAR;
    }

    boolean isSameFile(FileFacts other) {
        return device == other.device && inode == other.inode;
    }

    private static long number(Map<String, Object> unix, String name) {
        return ((Number) Objects.requireNonNull(unix.get(name), name)).longValue();
    }
}
