package dev.rollcall.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of shared memory that is gone afterwards, also when the run is terminated; what a killed run left, the next one removes. */
public final class SharedFolder implements AutoCloseable {
    private static final Path ROOT = Path.of("/dev/shm");
    private static final String PREFIX = "rollcall-stress-";

    private final Path path;
    private final Thread hook = new Thread(this::remove, "remove shared folder");

    private SharedFolder(Path path) {
        this.path = path;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    public static SharedFolder create() throws IOException {
        sweep();
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        return new SharedFolder(Files.createTempDirectory(ROOT, PREFIX + ProcessHandle.current().pid() + "-", owner));
    }

    private static void sweep() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(ROOT)) {
            folders = all.filter(p -> p.getFileName().toString().startsWith(PREFIX) && Files.isWritable(p)).toList();
        }
        for (Path folder : folders) {
            String pid = folder.getFileName().toString().substring(PREFIX.length()).replaceFirst("-.*", "");
            if (pid.chars().allMatch(Character::isDigit) && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                delete(folder);
            }
        }
    }

    public Path path() {
        return path;
    }

    private void remove() {
        try {
            delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove path=" + path, e);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException _) {
            return; // by another run
        }
        for (Path each : deepestFirst) {
            Files.deleteIfExists(each);
        }
    }

    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
