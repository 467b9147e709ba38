package dev.rollcall.rpc;

import java.time.Duration;
import java.util.Map;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.CollectiveMarks;

/** The context of a worker process. */
record LoopContext(int rank, int workers, Map<String, String> arguments, GroupDirectory directory, BoardWorker marks)
        implements
            WorkerContext {

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
