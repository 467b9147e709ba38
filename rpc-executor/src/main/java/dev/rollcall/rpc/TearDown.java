package dev.rollcall.rpc;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ending worker processes within a bound. Any thread; two at once do no harm. */
final class TearDown {

    /** A worker ends itself this long after SIGTERM; what is still there then is stuck. */
    static final long TERM_NANOS = TimeUnit.MILLISECONDS.toNanos(WorkerProcess.TERM_GRACE_MILLIS + 200);
    /** After a failure nobody waits for politeness: the victims hang in a collective that will not end. */
    static final long FAILED_TERM_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** How long the kernel gets to take a killed process away. */
    static final long KILL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Logger LOG = LoggerFactory.getLogger(TearDown.class);

    private TearDown() {
    }

    /**
     * Leave by themselves, CONT+TERM, CONT+KILL; returns those that even the kernel could not end in time.
     *
     * @param beforeForce run once before the first signal, if there is one
     */
    static List<WorkerLauncher.Handle> end(List<WorkerLauncher.Handle> workers, long leaveNanos, long termNanos,
            Runnable beforeForce) {
        List<WorkerLauncher.Handle> left = survivors(workers, leaveNanos);
        if (!left.isEmpty()) {
            beforeForce.run();
            left = tell(left, WorkerLauncher.Handle::terminate, termNanos);
        }
        if (!left.isEmpty()) {
            left = tell(left, WorkerLauncher.Handle::kill, KILL_NANOS);
        }
        for (WorkerLauncher.Handle worker : left) {
            LOG.error("rank={} pid={} does not end: it hangs where no signal reaches it", worker.rank(),
                    worker.pid());
        }
        return left;
    }

    private static List<WorkerLauncher.Handle> tell(List<WorkerLauncher.Handle> workers,
            Consumer<WorkerLauncher.Handle> how, long thenNanos) {
        workers.forEach(how);
        return survivors(workers, thenNanos);
    }

    private static List<WorkerLauncher.Handle> survivors(List<WorkerLauncher.Handle> workers, long withinNanos) {
        long start = System.nanoTime();
        return workers.stream()
                .filter(worker -> !worker.awaitDeath(withinNanos - (System.nanoTime() - start)))
                .toList();
    }
}
