package dev.rollcall.tools.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the checks read from, so that a test can hand them another machine. Any thread.
 *
 * @param root {@code /}, or a folder that stands for it
 */
record Machine(Path root) {
    static final Machine THIS = new Machine(Path.of("/"));

    /** A small text file, stripped; null where there is none or it may not be read. */
    @Nullable
    String text(String file) {
        try {
            return Files.readString(root.resolve(file), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException absent) {
            return null;
        }
    }

    /** What a symbolic link says; null where it may not be read. */
    @Nullable
    String link(String file) {
        try {
            return Files.readSymbolicLink(root.resolve(file)).toString();
        } catch (IOException absent) {
            return null;
        }
    }

    /** The file system of a folder; null where there is none. */
    @Nullable
    FileStore store(String folder) {
        try {
            return Files.getFileStore(root.resolve(folder));
        } catch (IOException absent) {
            return null;
        }
    }
}
