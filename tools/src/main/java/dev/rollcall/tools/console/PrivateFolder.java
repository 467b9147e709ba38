package dev.rollcall.tools.console;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.watchdog.incident.IncidentWriter;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of the user's own that the command creates, mode 0700, because incidents hold command lines and stacks. Any thread. */
public final class PrivateFolder {
    private final Path path;
    private final boolean created;

    private PrivateFolder(Path path, boolean created) {
        this.path = path;
        this.created = created;
    }

    /**
     * Makes sure that the folder is there and can be written, by this user alone.
     *
     * @param path the folder; its parents are created too
     * @return the folder
     * @throws UnfitException when it cannot be created or written, is another user's, or others can write to it
     */
    public static PrivateFolder prepare(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        boolean there = Files.exists(absolute);
        try {
            IncidentWriter.checkWritable(absolute);
        } catch (RollcallException e) {
            throw new UnfitException(String.valueOf(e.getMessage()));
        }
        return new PrivateFolder(absolute, !there);
    }

    /**
     * Where it is.
     *
     * @return absolute path
     */
    public Path path() {
        return path;
    }

    /** Removes the folder if {@link #prepare} created it and nothing came into it. */
    public void removeIfUnused() {
        if (!created) {
            return;
        }
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException used) {
            return;
        } catch (IOException e) {
            throw new UnfitException("cannot remove an empty folder: path=" + path + " (" + e.getMessage() + ")");
        }
    }
}
