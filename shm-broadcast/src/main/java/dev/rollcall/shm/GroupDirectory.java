package dev.rollcall.shm;

import dev.rollcall.shm.os.FileFacts;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.LockedDirectory;
import dev.rollcall.shm.os.MappedFile;
import dev.rollcall.shm.os.Steps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one epoch of one group, {@code /dev/shm/rollcall-<uid>/<group>-<epoch>/}, mode 0700, and who may remove it.
 * Any thread.
 *
 * <h2>Life</h2>
 *
 * The creator holds an open-file-description lock on the file {@code life} for as long as it lives; the kernel drops it at
 * death, however it comes. Creators and sweepers first lock the parent folder, so that
 *
 * <ul>
 *   <li>a group is born locked: nobody sees its folder without its lock,
 *   <li>a sweeper that gets a group's life lock knows that the creator is dead, and that nobody is creating it anew,
 *   <li>a crash at any step leaves a folder without a lock, which the next start removes.
 * </ul>
 *
 * {@code FileChannel.lock} would not do: any close of the same file in the same JVM drops it silently.
 */
public final class GroupDirectory implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long PARENT_LOCK_NANOS = 5_000_000_000L;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.]{0,31}");
    private static final Pattern FOLDER = Pattern.compile("([a-z0-9][a-z0-9.]{0,31})-([0-9]{1,9})");
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final String LIFE = "life";

    private final Path path;
    private final String group;
    private final int epoch;
    private final @Nullable MappedFile life;
    private boolean closed;

    private GroupDirectory(Path path, @Nullable MappedFile life) {
        var name = FOLDER.matcher(fileName(path));
        if (!name.matches()) {
            throw new IncompatibleSegmentException("not a group folder: expected=<group>-<epoch> path=" + path);
        }
        this.path = path;
        this.group = name.group(1);
        this.epoch = Integer.parseInt(name.group(2));
        this.life = life;
    }

    /**
     * What a listing says of a group.
     *
     * @param path  the folder
     * @param group its name
     * @param epoch its incarnation
     * @param live  whether its creator lives
     */
    public record Info(Path path, String group, int epoch, boolean live) {
    }

    /**
     * What a sweep did.
     *
     * @param removed  folders of dead groups that are gone now
     * @param problems what could not be removed and why, one line each
     */
    public record SweepReport(List<Path> removed, List<String> problems) {
    }

    /**
     * A name for a group nobody else is likely to have.
     *
     * @return six hex digits
     */
    public static String newName() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(), 6);
    }

    /**
     * Where this user's groups live.
     *
     * @return {@code /dev/shm/rollcall-<uid>}
     */
    public static Path root() {
        return SHARED_MEMORY.resolve("rollcall-" + Linux.uid());
    }

    /**
     * Creates a group's folder, after removing what dead groups left. The caller becomes its owner until {@link #close()}
     * or its death.
     *
     * @param group 1 to 32 of {@code a-z 0-9 .}
     * @param epoch incarnation, not negative
     * @return the folder, empty but for its life lock
     * @throws SegmentInUseException when a living group has that name and epoch
     */
    public static GroupDirectory create(String group, int epoch) {
        return create(root(), group, epoch);
    }

    static GroupDirectory create(Path root, String group, int epoch) {
        if (!NAME.matcher(group).matches() || epoch < 0) {
            throw new IllegalArgumentException(
                    "bad group name or epoch: expected=" + NAME + " group=" + group + " epoch=" + epoch);
        }
        Path folder = root.resolve(group + "-" + epoch);
        List<String> unsweepable = new ArrayList<>();
        try (LockedDirectory _ = lockedRoot(root)) {
            Steps.at("group.create.root-locked");
            sweepLocked(root, new ArrayList<>(), unsweepable);
            Files.createDirectory(folder, PRIVATE);
            Steps.at("group.create.folder-made");
            MappedFile life = MappedFile.create(folder.resolve(LIFE), 0);
            Steps.at("group.create.life-made");
            if (!life.tryLock(0)) {
                throw new IllegalStateException("a new life file is locked: path=" + folder);
            }
            Steps.at("group.create.life-locked");
            return new GroupDirectory(folder, life);
        } catch (FileAlreadyExistsException e) {
            throw new SegmentInUseException("a living group has this name: path=" + folder
                    + (unsweepable.isEmpty() ? "" : " problems=" + unsweepable));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create path=" + folder, e);
        }
    }

    /**
     * Looks at a group that somebody else owns. Checks that folder and owner are as they should be; takes no lock.
     *
     * @param directory the folder, as {@link #path()} gave it
     * @return the folder
     * @throws IncompatibleSegmentException when it is no group's folder, or another user's, or open to others
     */
    public static GroupDirectory attach(Path directory) {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IncompatibleSegmentException("no such group: path=" + directory);
        }
        try {
            requirePrivate(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read path=" + directory, e);
        }
        return new GroupDirectory(directory, null);
    }

    /**
     * All groups of this user, dead ones included.
     *
     * @return sorted by name; empty when there is none
     */
    public static List<Info> list() {
        return list(root());
    }

    static List<Info> list(Path root) {
        List<Info> found = new ArrayList<>();
        for (Path folder : folders(root)) {
            GroupDirectory directory = new GroupDirectory(folder, null);
            found.add(new Info(folder, directory.group, directory.epoch, directory.isLive()));
        }
        return found;
    }

    /**
     * Removes what dead groups of this user left.
     *
     * @return what is gone, and what could not be removed
     */
    public static SweepReport sweep() {
        return sweep(root());
    }

    static SweepReport sweep(Path root) {
        List<Path> removed = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try (LockedDirectory parent = LockedDirectory.lock(root, PARENT_LOCK_NANOS)) {
            if (parent != null) {
                sweepLocked(root, removed, problems);
                removeRootIfEmpty(root);
            }
        }
        return new SweepReport(List.copyOf(removed), List.copyOf(problems));
    }

    /**
     * The folder, which is also the handle that workers are given.
     *
     * @return absolute path
     */
    public Path path() {
        return path;
    }

    /**
     * The group's name.
     *
     * @return as given at creation
     */
    public String group() {
        return group;
    }

    /**
     * The group's incarnation.
     *
     * @return not negative
     */
    public int epoch() {
        return epoch;
    }

    /**
     * Whether the creator lives.
     *
     * @return true while its life lock is held
     */
    public synchronized boolean isLive() {
        if (life != null) {
            return !closed;
        }
        Path file = path.resolve(LIFE);
        if (!Files.exists(file)) {
            return false;
        }
        try (MappedFile other = MappedFile.open(file, 0, true)) {
            return other.isLockedByOther(0);
        } catch (RollcallException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return false; // swept between the two looks
        }
    }

    /**
     * The progress board.
     *
     * @return its file
     */
    public Path boardFile() {
        return path.resolve("board");
    }

    /**
     * The driver's ring to all workers.
     *
     * @return its file
     */
    public Path requestRingFile() {
        return path.resolve("requests");
    }

    /**
     * A worker's ring to the driver.
     *
     * @param rank whose
     * @return its file
     */
    public Path replyRingFile(int rank) {
        return path.resolve("replies-" + rank);
    }

    /**
     * A file of the embedder's own, removed with the group.
     *
     * @param name plain file name
     * @return its path in this folder
     */
    public Path file(String name) {
        if (name.contains("/") || name.startsWith(".")) {
            throw new IllegalArgumentException("not a plain file name: name=" + name);
        }
        return path.resolve(name);
    }

    /**
     * The creator removes the folder and all in it, and the parent when it was the last; others only let go. Idempotent: a
     * second close never touches a later group of the same name.
     */
    @Override
    public synchronized void close() {
        if (closed || life == null) {
            closed = true;
            return;
        }
        closed = true;
        Path root = Objects.requireNonNull(path.getParent());
        try (LockedDirectory parent = LockedDirectory.lock(root, PARENT_LOCK_NANOS)) {
            Steps.at("group.close.root-locked");
            if (parent != null && Files.exists(path)) {
                remove(path);
                removeRootIfEmpty(root);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove path=" + path, e);
        } finally {
            life.close();
        }
    }

    private static LockedDirectory lockedRoot(Path root) throws IOException {
        while (true) {
            if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
                createUnlessThere(root);
            }
            LockedDirectory parent = LockedDirectory.lock(root, PARENT_LOCK_NANOS);
            if (parent != null) {
                return parent;
            }
        }
    }

    private static void createUnlessThere(Path root) throws IOException {
        try {
            Files.createDirectory(root, PRIVATE);
            Steps.at("group.create.root-made");
        } catch (FileAlreadyExistsException somebodyWasFaster) {
            return; // whose it is, is checked once it is locked
        }
    }

    /** A folder that is gone meanwhile passes: the caller's next step sees it. */
    private static void requirePrivate(Path directory) throws IOException {
        try {
            FileFacts.of(directory, LinkOption.NOFOLLOW_LINKS).requirePrivateDirectory(directory);
        } catch (NoSuchFileException removedMeanwhile) {
            return;
        }
    }

    /** The caller holds the lock on the root. */
    private static void sweepLocked(Path root, List<Path> removed, List<String> problems) {
        for (Path folder : folders(root)) {
            Path file = folder.resolve(LIFE);
            try (MappedFile life = Files.exists(file) ? MappedFile.open(file, 0, false) : null) {
                if (life == null || life.tryLock(0)) {
                    remove(folder);
                    removed.add(folder);
                }
            } catch (IOException | RollcallException e) {
                problems.add("cannot sweep path=" + folder + ": " + e.getMessage());
            }
        }
    }

    private static List<Path> folders(Path root) {
        try {
            requirePrivate(root);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read path=" + root, e);
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(entry -> FOLDER.matcher(fileName(entry)).matches())
                    .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list path=" + root, e);
        }
    }

    /** The life file goes last: a crash in here leaves a folder that the next sweep still recognises as dead. */
    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> !LIFE.equals(fileName(f))).toList()) {
                Files.deleteIfExists(file);
            }
        }
        Steps.at("group.remove.files-gone");
        Files.deleteIfExists(folder.resolve(LIFE));
        Steps.at("group.remove.life-gone");
        Files.deleteIfExists(folder);
    }

    private static void removeRootIfEmpty(Path root) {
        try {
            Files.deleteIfExists(root);
        } catch (DirectoryNotEmptyException othersLive) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove path=" + root, e);
        }
    }

    private static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
