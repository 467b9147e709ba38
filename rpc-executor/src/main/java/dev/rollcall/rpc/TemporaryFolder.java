package dev.rollcall.rpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.ProcessIdentity;

/**
 * A temporary folder of a worker's own: libraries extract natives there under fixed names and leave them. The launcher
 * removes it; a worker that outlives its launcher removes it itself; if both are killed, the next launcher sweeps it.
 * Any thread.
 */
final class TemporaryFolder {

    /** In the worker's environment: a folder that goes with the worker. */
    static final String VARIABLE = "ROLLCALL_TMPDIR";

    /** Pid namespace, pid and start ticks of the launcher, rank, and what makes it unique. */
    private static final Pattern NAME =
            Pattern.compile("rollcall-(\\d{1,18})-(\\d{1,9})-(\\d{1,18})-\\d{1,3}-\\d+");

    private TemporaryFolder() {
    }

    static Path create(int rank) {
        ProcessIdentity self = ProcessIdentity.self();
        String prefix =
                "rollcall-" + self.pidNamespace() + "-" + self.pid() + "-" + self.startTicks() + "-" + rank + "-";
        try {
            return Files.createTempDirectory(prefix,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new RollcallException("cannot create a temporary folder in=" + root(), e);
        }
    }

    /**
     * Removes the folders of launchers that died together with their workers; those of another pid namespace cannot be
     * judged from here. Returns what could not be removed, one line each.
     */
    static List<String> sweep() {
        List<String> problems = new ArrayList<>();
        ProcessIdentity self = ProcessIdentity.self();
        try (Stream<Path> folders = Files.list(root())) {
            for (Path folder : folders.toList()) {
                try {
                    if (isOrphan(folder, self)) {
                        delete(folder);
                    }
                } catch (RollcallException e) {
                    problems.add(e.getMessage());
                }
            }
        } catch (IOException e) {
            problems.add("cannot list folder=" + root() + ": " + e.getMessage());
        }
        return problems;
    }

    private static Path root() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static boolean isOrphan(Path folder, ProcessIdentity self) {
        Matcher name = NAME.matcher(String.valueOf(folder.getFileName()));
        if (!name.matches() || Long.parseLong(name.group(1)) != self.pidNamespace() || !isOwn(folder)) {
            return false;
        }
        ProcessIdentity launcher = ProcessIdentity.of(Integer.parseInt(name.group(2)));
        return launcher == null || launcher.startTicks() != Long.parseLong(name.group(3)) || !launcher.isAlive();
    }

    private static boolean isOwn(Path folder) {
        try {
            return Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(Linux.uid());
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }

    /** Worker side. */
    static void deleteOwn() {
        String own = System.getenv(VARIABLE);
        if (own != null && !own.isEmpty()) {
            delete(Path.of(own));
        }
    }

    /** Links are removed, not followed. Two may delete the same folder at once. */
    static void delete(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new RollcallException("cannot remove folder=" + folder, e);
            }
        }
    }
}
