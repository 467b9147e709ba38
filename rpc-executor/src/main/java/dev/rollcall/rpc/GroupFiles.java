package dev.rollcall.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.agrona.CloseHelper;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;

/**
 * Everything a group shares, made in order and released in reverse. Made by one thread; the parts say who uses them.
 */
final class GroupFiles implements AutoCloseable {

    final GroupDirectory directory;
    final Board board;
    final BoardDriver marks;
    final RingWriter requests;
    final List<ReplyPort> ports = new ArrayList<>();

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    GroupFiles(String group, int epoch, int workers, GroupSettings.Sizes sizes) {
        try {
            directory = keep(GroupDirectory.create(group, epoch));
            board = keep(Board.create(directory.boardFile(), workers));
            marks = board.asDriver();
            requests =
                    keep(RingWriter.create(directory.requestRingFile(),
                            RingConfig.builder(sizes.requestBytes(), workers)
                                    .maxMessage(sizes.maxMessage()).build()));
            for (int rank = 0; rank < workers; rank++) {
                // The driver sleeps on its one doorbell: a reply ring needs no wake-ups of its own.
                RingWriter.createFile(directory.replyRingFile(rank), RingConfig.builder(sizes.replyBytes(), 1)
                        .wakeups(false).maxMessage(sizes.maxMessage()).build());
                ports.add(keep(new ReplyPort(rank, directory.replyRingFile(rank))));
            }
        } catch (Throwable error) {
            CloseHelper.closeAll(error::addSuppressed, open);
            throw error;
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }

    /** No thread may use the parts any more. Idempotent. */
    @Override
    public void close() {
        List<AutoCloseable> parts = new ArrayList<>(open);
        open.clear();
        CloseHelper.closeAll(parts);
    }
}
