package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The group as the stage hand sees it: the board, read only, handles on the workers, and the rehearsal's own file.
 * Mappings and handles outlive the group, so that its end can be watched. Stage hand's thread.
 */
final class Scene implements AutoCloseable {
    private final Path folder;
    private final GroupDirectory directory;
    private final Board board;
    private final List<@Nullable PidFd> workers = new ArrayList<>();
    private @Nullable SharedFile file;

    Scene(Path folder) {
        this.folder = folder;
        this.directory = GroupDirectory.attach(folder);
        this.board = Board.open(directory.boardFile(), true);
        for (int rank = 0; rank < board.workers(); rank++) {
            workers.add(null);
        }
    }

    String group() {
        return directory.group();
    }

    int epoch() {
        return directory.epoch();
    }

    Path folder() {
        return folder;
    }

    Board board() {
        return board;
    }

    /** Opens a handle on each worker that has come to the board; the others stay unknown. */
    void meetWorkers() {
        for (int rank = 0; rank < board.workers(); rank++) {
            ProcessIdentity process = board.rank(rank).process();
            if (workers.get(rank) == null && process != null) {
                workers.set(rank, PidFd.open(process));
            }
        }
    }

    /** The rehearsal's own file; it exists once the driver says ready. */
    SharedFile file() {
        if (file == null) {
            file = SharedFile.open(directory.file(SimLayout.FILE_NAME), false);
        }
        return file;
    }

    List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        for (PidFd worker : workers) {
            pids.add(worker == null ? 0 : worker.identity().pid());
        }
        return pids;
    }

    /** Signals one worker; false when it is gone. */
    boolean signal(int rank, Signal signal) {
        PidFd worker = workers.get(rank);
        return worker != null && worker.signal(signal);
    }

    /** Ends all workers, stopped or not. */
    void killWorkers() {
        meetWorkers();
        for (int rank = 0; rank < workers.size(); rank++) {
            if (signal(rank, Signal.KILL)) {
                signal(rank, Signal.CONT);
            }
        }
    }

    boolean isDead(int rank) {
        PidFd worker = workers.get(rank);
        return worker == null || worker.isDead();
    }

    int livingWorkers() {
        int alive = 0;
        for (int rank = 0; rank < workers.size(); rank++) {
            alive += isDead(rank) ? 0 : 1;
        }
        return alive;
    }

    boolean folderExists() {
        return Files.exists(folder);
    }

    /** How the ranks look from outside just now: one reading of each for all that is said of them. */
    View view(int named) {
        List<RankStatus> ranks = new ArrayList<>();
        List<Report.RankWord> words = new ArrayList<>();
        for (int rank = 0; rank < board.workers(); rank++) {
            RankStatus status = board.rank(rank);
            ranks.add(status);
            words.add(RankLook.of(status, isDead(rank), rank == named));
        }
        // When the driver is at fault the ranks are only on their way, and nobody keeps them.
        return new View(words, named == Verdict.DRIVER ? "" : RankLook.collective(ranks, words));
    }

    /**
     * The ranks at one moment.
     *
     * @param words      one for each
     * @param collective where they stand in the collective that the furthest have reached; empty when nobody waits for anybody
     */
    record View(List<Report.RankWord> words, String collective) {
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
        board.close();
        directory.close();
        for (PidFd worker : workers) {
            if (worker != null) {
                worker.close();
            }
        }
    }
}
