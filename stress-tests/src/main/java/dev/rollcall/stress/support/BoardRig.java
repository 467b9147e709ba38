package dev.rollcall.stress.support;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.CollectiveMarks;
import java.nio.file.Path;

/**
 * A board of two ranks with its writers, and an observer on a read-only mapping of its own. Used again and again: numbers run
 * on, and every record holds an old one. What is written into the fields of record n follows from n, so an observer sees at
 * once when fields of different records come together.
 */
public final class BoardRig {
    /** What an observer says of fields that do not belong together. */
    public static final int TORN = -100;

    private static final int NAMES = 8;

    public final Board observer;
    public final BoardDriver driver;
    public final BoardWorker worker;
    public final BoardWorker other;
    public final BoardWatchdog watchdog;
    public final CollectiveMarks collective;
    private final String[] names = new String[NAMES];
    private final int[] ids = new int[NAMES];
    private long last;

    private BoardRig(Board board, Board observer) {
        this.observer = observer;
        this.driver = board.asDriver();
        this.worker = board.asWorker(0);
        this.other = board.asWorker(1);
        this.watchdog = board.asWatchdog(true);
        this.collective = worker.collective(0);
        for (int i = 0; i < NAMES; i++) {
            names[i] = String.valueOf((char) ('a' + i)).repeat(15);
            ids[i] = driver.intern(names[i]);
        }
    }

    public static BoardRig create() {
        Path file = Scratch.newFile();
        Board board = Board.create(file, 2);
        BoardRig rig = new BoardRig(board, Board.open(file, true));
        Scratch.unlink(file);
        return rig;
    }

    /** A number not used before; one thread at a time. */
    public long next() {
        return ++last;
    }

    /** What {@link #next} gave last. */
    public long last() {
        return last;
    }

    /** For record n. */
    public String name(long n) {
        return names[(int) (n & NAMES - 1)];
    }

    /** Of {@link #name}, as interned. */
    public int nameId(long n) {
        return ids[(int) (n & NAMES - 1)];
    }
}
