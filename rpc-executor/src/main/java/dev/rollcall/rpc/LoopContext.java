package dev.rollcall.rpc;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.WaitStrategy;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.CollectiveMarks;

/** The context of a rank. */
final class LoopContext implements WorkerContext {

    private final WorkerRun.Identity who;
    private final int workers;
    private final GroupDirectory directory;
    private final BoardWorker marks;
    private WaitStrategy waiting = WaitStrategy.adaptive();

    LoopContext(WorkerRun.Identity who, int workers, GroupDirectory directory, BoardWorker marks) {
        this.who = who;
        this.workers = workers;
        this.directory = directory;
        this.marks = marks;
    }

    @Override
    public int rank() {
        return who.rank();
    }

    @Override
    public int workers() {
        return workers;
    }

    @Override
    public Map<String, String> arguments() {
        return who.arguments();
    }

    @Override
    public GroupDirectory directory() {
        return directory;
    }

    @Override
    public void waiting(WaitStrategy strategy) {
        waiting = Objects.requireNonNull(strategy, "strategy");
    }

    WaitStrategy waiting() {
        return waiting;
    }

    @Override
    public CollectiveMarks collective(int communicator) {
        return marks.collective(communicator);
    }

    @Override
    public Section section(String name, Duration bound) {
        marks.beginSection(name, bound.toNanos());
        return marks::endSection;
    }
}
