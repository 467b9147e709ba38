package dev.rollcall.stress.kill;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.GroupRoots;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.board.Board;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes a group's files and removes them, twice; before the second time a dead group lies in the way. */
public final class CreatorMain {
    static final String GROUP = "kill";
    static final int EPOCH = 1;

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private CreatorMain() {
    }

    public static void main(String[] args) {
        Part.play(() -> {
            Path root = Path.of(args[0]);
            makeAndRemove(root);
            leaveDead(root);
            makeAndRemove(root);
        });
    }

    static void makeAndRemove(Path root) {
        try (GroupDirectory directory = GroupRoots.create(root, GROUP, EPOCH);
                Board board = Board.create(directory.boardFile(), 2)) {
            RingWriter.createFile(directory.replyRingFile(0), WriterMain.config());
            SharedFile.create(directory.file("own"), Messages.RING_BYTES).close();
            if (board.workers() != 2) {
                throw new IllegalStateException("board is not as made");
            }
        }
    }

    private static void leaveDead(Path root) throws IOException {
        if (!Files.exists(root)) { // another group may live in it
            Files.createDirectory(root, PRIVATE);
        }
        Path dead = Files.createDirectory(root.resolve("dead-7"), PRIVATE);
        Files.createFile(dead.resolve("board"));
        Files.createFile(dead.resolve("life"));
    }
}
