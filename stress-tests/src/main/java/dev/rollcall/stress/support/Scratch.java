package dev.rollcall.stress.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where a fork of jcstress makes its files. Any thread.
 *
 * <p>Files are in shared memory, as in production. Most are unlinked as soon as everybody has mapped them, so that the kernel
 * frees them when the fork ends, in whatever way; what cannot be unlinked at once lies in the folder that {@code Stress} removes.
 */
public final class Scratch {
    /** Names the folder to a fork. */
    public static final String FOLDER = "rollcall.stress.dir";

    private static final Path HERE = folder();
    /** Process ids come round again within a long run. */
    private static final String FORK = ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + "-";
    private static final AtomicLong FILES = new AtomicLong();

    private Scratch() {
    }

    private static Path folder() {
        String given = System.getProperty(FOLDER);
        if (given == null) {
            throw new IllegalStateException(
                    "run by way of dev.rollcall.stress.Stress, which sets the property " + FOLDER);
        }
        return Path.of(given);
    }

    /** A path nobody has used. */
    public static Path newFile() {
        return HERE.resolve(FORK + FILES.incrementAndGet());
    }

    /** Takes the name away; the mappings stay. */
    public static void unlink(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove path=" + file, e);
        }
    }
}
