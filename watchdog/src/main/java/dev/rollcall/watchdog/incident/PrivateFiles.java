package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.FileFacts;
import dev.rollcall.shm.os.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Folders 0700 and files 0600, born with those modes: an incident names processes, limits and stacks. Any thread. */
final class PrivateFiles {
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final int PERMISSIONS = 07777;
    private static final int WRITABLE_BY_OTHERS = 022;

    private PrivateFiles() {
    }

    /** Creates one new folder; its parent must exist. */
    static void createFolder(Path folder) throws IOException {
        Files.createDirectory(folder, FOLDER);
    }

    /** Creates the folder and the missing parents of it, all private. */
    static void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder, FOLDER);
    }

    /** Whoever else may write there could put files of his own in an incident's place. Its parents do not matter. */
    static void requireOwn(Path folder) throws IOException {
        FileFacts facts = FileFacts.of(folder);
        if (facts.uid() != Linux.uid()) {
            throw new RollcallException("incident folder is another user's: path=" + folder + " ownerUid=" + facts.uid()
                    + " uid=" + Linux.uid() + "; name one of your own, or chown it");
        }
        if ((facts.mode() & WRITABLE_BY_OTHERS) != 0) {
            throw new RollcallException("incident folder is writable by others: path=" + folder + " mode="
                    + Integer.toOctalString(facts.mode() & PERMISSIONS) + "; chmod go-w " + folder);
        }
    }

    static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static void write(Path file, byte[] bytes) throws IOException {
        Set<StandardOpenOption> create = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel = Files.newByteChannel(file, create, FILE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    /** Writes beside the file and renames over it, so that a disk that fills up leaves the old content. */
    static void replace(Path file, byte[] bytes) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            write(beside, bytes);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    static void deleteTree(Path folder) throws IOException {
        List<Path> children;
        try (Stream<Path> walk = Files.walk(folder)) {
            children = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path child : children) {
            Files.deleteIfExists(child);
        }
    }
}
