package dev.rollcall.stress.bench.hot;

import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.stress.support.Scratch;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a rank says and asks of the board. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BoardPaths {
    private static final int RANKS = 8;

    private final Board board = create();
    private final BoardWorker marks = board.asWorker(1);
    private final WaitCell doorbell = marks.driverDoorbell();
    private long call;

    private static Board create() {
        Path file = Scratch.newFile();
        Board board = Board.create(file, RANKS);
        Scratch.unlink(file);
        return board;
    }

    @Benchmark
    public long marksOfACall() {
        call++;
        marks.received(call);
        marks.started(call, 1, 2);
        marks.finished(call);
        marks.replied(call);
        return call;
    }

    @Benchmark
    public boolean isCancelled() {
        return marks.isCancelled(++call);
    }

    @Benchmark
    public void signalToNobody() {
        doorbell.signal();
    }

    @TearDown
    public void close() {
        board.close();
    }
}
