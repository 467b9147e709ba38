package dev.rollcall.tools.hangsim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Lets a group's files outlive its orderly end: a second link to each, in a folder beside the group's, takes the group's
 * name when the group has removed the first. One thread.
 */
final class KeptFiles {
    private final Path original;
    private final Path links;

    private KeptFiles(Path original, Path links) {
        this.original = original;
        this.links = links;
    }

    /** Before the group is closed. */
    static KeptFiles link(Path folder) {
        // a group's name too, so that a sweep finds it if this process ends before restore
        Path links = folder.resolveSibling(folder.getFileName().toString().replaceFirst("-(\\d+)$", ".kept-$1"));
        try (Stream<Path> files = Files.list(folder)) {
            Files.createDirectory(links);
            Files.setPosixFilePermissions(links, Files.getPosixFilePermissions(folder));
            for (Path file : files.toList()) {
                Files.createLink(links.resolve(file.getFileName()), file);
            }
            return new KeptFiles(folder, links);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep path=" + folder, e);
        }
    }

    /** After the group was closed. */
    void restore() {
        try {
            Files.move(links, original);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep path=" + original, e);
        }
    }
}
