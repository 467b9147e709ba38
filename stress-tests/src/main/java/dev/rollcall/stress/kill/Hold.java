package dev.rollcall.stress.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The folder through which a step holds its process; see {@code dev.rollcall.shm.os.Steps}. */
final class Hold {
    /** Holds nobody, and tells which steps were passed. */
    static final String EVERYTHING = "*";

    private final String label;
    private final Path folder;

    Hold(String label, Path folder) throws IOException {
        this.label = label;
        this.folder = Files.createDirectory(folder);
    }

    /** A flag for the victim's JVM. */
    String flag() {
        return "-Drollcall.steps=" + label + "@1@" + folder;
    }

    boolean isReached() {
        return Files.exists(folder.resolve("reached"));
    }

    /** Who is held. */
    int pid() throws IOException {
        return Integer.parseInt(Files.readString(folder.resolve("reached")));
    }

    void letGo() throws IOException {
        Files.createFile(folder.resolve("go"));
    }

    /** With {@link #EVERYTHING}. */
    Set<String> seen() {
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> labels = new TreeSet<>();
            files.forEach(file -> labels.add(String.valueOf(file.getFileName())));
            return labels;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
