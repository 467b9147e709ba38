package dev.rollcall.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.Steps;

/**
 * One incarnation of a group: its files, its workers, and what of the driver works on them. Nothing of it is used again
 * by the next one, so a worker of this epoch that wakes up late can reach nothing that lives. Made and ended by the
 * thread that has the group's life in hand, one at a time; used by any.
 */
final class Epoch {

    private static final Logger LOG = LoggerFactory.getLogger(Epoch.class);

    private static final long LAST_CALLS_NANOS = 1_000_000_000;

    /** Told of every reason why an epoch cannot go on; the first one counts. Collector thread. */
    interface FailureSink {

        void failed(Epoch epoch, FailureCause cause, long noticedNanos);
    }

    final int number;
    final GroupFiles files;
    final GroupStatus status = new GroupStatus();
    final List<WorkerLauncher.Handle> workers = new ArrayList<>();
    final CallRegistry registry;
    final RequestSender sender;
    final Collector collector;
    final AttachedWatchdog watchdog;

    private final GroupSettings settings;
    private final CollectorSeat seat;
    private final DriverPulse pulse;
    private final @Nullable AgentRunner runner;
    private boolean released;

    /** Waits until all workers are ready; when this throws, nothing is left. */
    Epoch(GroupSettings settings, int number, CallEnds ends, CollectorSeat seat, FailureSink failures,
            BooleanSupplier abandoned) {
        this.settings = settings;
        this.number = number;
        this.seat = seat;
        this.files = new GroupFiles(settings.group(), number, settings.workers(), settings.sizes());
        this.watchdog = new AttachedWatchdog(settings.group(), number, files.board, status);
        List<AutoCloseable> open = new ArrayList<>(List.of(files));
        try {
            pulse = new DriverPulse(settings.execution().threads(), settings.thread("pulse"), files.marks, watchdog);
            open.addFirst(pulse);
            files.marks.phase(Phase.STARTING);
            Steps.at("driver.start.files-made");
            new GroupStart(files, settings.launcher(), settings.listener(), settings.timeouts().ready(), abandoned)
                    .run(workers);
            Steps.at("driver.start.workers-ready");
            registry = new CallRegistry(files.marks, ends);
            sender = new RequestSender(files.requests, files.board, files.marks, registry, status,
                    settings.sizes().window());
            collector = new Collector(settings.thread("collector"), files.board, files.marks, files.ports, workers,
                    registry, sender, (cause, noticed) -> failures.failed(this, cause, noticed));
            registry.onEndedByCaller(collector::arrived);
            sender.onSent(collector::arrived);
            files.ports.forEach(port -> port.sink(collector));
            status.ready();
            files.marks.phase(Phase.READY);
            runner = settings.execution().invoked() ? null : run();
        } catch (Throwable error) {
            abandon(open, error);
            throw error;
        }
        seat.take(collector, files.marks.doorbell());
    }

    /** A start that is given up. What else goes wrong is told with its error; the files go before the workers' own. */
    private void abandon(List<AutoCloseable> open, Throwable error) {
        // A rank that is dead by now is the cause. Otherwise those we end here must not look as if they had died.
        boolean died = workers.stream().anyMatch(WorkerLauncher.Handle::isDead);
        List<AutoCloseable> steps = new ArrayList<>();
        steps.add(() -> files.marks.phase(died ? Phase.FAILED : Phase.CLOSED));
        steps.add(() -> TearDown.end(workers, 0, TearDown.FAILED_TERM_NANOS, () -> {
        }));
        steps.addAll(open);
        steps.addAll(workers);
        CloseHelper.closeAll(error::addSuppressed, steps);
    }

    private AgentRunner run() {
        IdleStrategy own = settings.execution().idle();
        AgentRunner made = new AgentRunner(
                own != null ? own : new DoorbellIdle(collector, files.marks.doorbell()), this::collectorFailed, null,
                collector);
        AgentRunner.startOnThread(made,
                task -> settings.execution().threads().newThread(settings.thread("collector"), task));
        return made;
    }

    private void collectorFailed(Throwable error) {
        LOG.error("collector failed group={} epoch={}", settings.group(), number, error);
        collector.breakDown(error);
    }

    /**
     * After the status was set to failed: no rank starts another call. Returns the highest id any rank has received.
     */
    long seal() {
        return files.marks.endEpoch();
    }

    /**
     * Ends the processes; calls must have been failed, parked or drained before. Workers get a while to leave by
     * themselves, then SIGTERM and another while, then SIGKILL. May be called again.
     *
     * @return workers that could not be ended
     */
    List<WorkerLauncher.Handle> endProcesses(long leaveNanos, long termNanos) {
        collector.expectDeaths();
        sender.close();
        if (settings.execution().invoked()) {
            leaveWork(); // whoever drives the collector may be the one that waits here: nobody ticks
        }
        return TearDown.end(workers, leaveNanos, termNanos, this::leaveWork);
    }

    /** To observers: from now on ranks end because we end them. A failure stays one: its cause is still looked for. */
    private void leaveWork() {
        if (!released && files.board.driver().phase() != Phase.FAILED) {
            files.marks.phase(Phase.CLOSED);
        }
    }

    /** Whether nothing of it is left: no marks can be set any more. */
    boolean isReleased() {
        return released;
    }

    /** Ends the threads and removes the files. Idempotent. */
    void release() {
        if (released) {
            return;
        }
        released = true;
        collector.stayAwake();
        if (runner != null) {
            runner.close();
        }
        seat.leave(collector);
        Steps.at("driver.close.collector-gone");
        awaitLastCalls();
        files.marks.phase(Phase.CLOSED);
        pulse.close();
        Steps.at("driver.close.pulse-gone");
        files.close();
    }

    /** Whoever has decided a call tells the board before the call leaves the registry. */
    private void awaitLastCalls() {
        try {
            if (!registry.awaitEmpty(LAST_CALLS_NANOS)) {
                LOG.error("calls left behind group={} epoch={} calls={}", settings.group(), number,
                        registry.snapshot());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
