package dev.rollcall.stress.support;

import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.board.BoardEpochs;
import dev.rollcall.shm.board.BoardWorker;
import java.nio.file.Path;

/** A board whose epoch ends again and again; driver and rank on mappings of their own. Call ids run on. */
public final class EpochRig {
    public final BoardDriver driver;
    public final BoardWorker worker;
    private final SharedFile memory;
    private long call;

    private EpochRig(BoardDriver driver, BoardWorker worker, SharedFile memory) {
        this.driver = driver;
        this.worker = worker;
        this.memory = memory;
    }

    public static EpochRig create() {
        Path file = Scratch.newFile();
        BoardDriver driver = Board.create(file, 2).asDriver();
        EpochRig rig = new EpochRig(driver, Board.open(file, false).asWorker(1), SharedFile.open(file, false));
        Scratch.unlink(file);
        return rig;
    }

    /** An epoch in which the next call has not come yet. */
    public EpochRig fresh() {
        BoardEpochs.reopen(memory.memory());
        call++;
        return this;
    }

    /** The call that is under way when the epoch ends. */
    public long call() {
        return call;
    }
}
