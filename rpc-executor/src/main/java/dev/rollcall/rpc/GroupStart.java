package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.rollcall.rpc.GroupStartException.RankFailure;
import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.Steps;

/**
 * From files to ready workers: launches all, watches them come up, says who failed and why. The starting thread only.
 */
final class GroupStart implements ReplyPort.Sink {

    private static final long LOOK_NANOS = 20_000_000;
    /**
     * How long the exit status and last lines of a rank that failed are waited for, and the news of others beside it.
     */
    private static final long OBITUARY_NANOS = 1_000_000_000;

    private final GroupFiles files;
    private final WorkerLauncher launcher;
    private final GroupListener listener;
    private final int workers;
    private final Duration readyTimeout;
    private final BooleanSupplier abandoned;
    private final Phase[] phases;
    private final Map<Integer, String[]> errors = new HashMap<>();
    private final long startNanos = System.nanoTime();

    GroupStart(GroupFiles files, WorkerLauncher launcher, GroupListener listener, Duration readyTimeout,
            BooleanSupplier abandoned) {
        this.files = files;
        this.launcher = launcher;
        this.listener = listener;
        this.workers = files.board.workers();
        this.readyTimeout = readyTimeout;
        this.abandoned = abandoned;
        this.phases = new Phase[workers];
        Arrays.fill(phases, Phase.ABSENT);
    }

    /** Adds to the list, so that the caller can take down what was started before an exception. */
    void run(List<WorkerLauncher.Handle> started) {
        files.ports.forEach(port -> port.sink(this));
        for (int rank = 0; rank < workers; rank++) {
            started.add(launcher.launch(new WorkerLauncher.Spec(files.directory, rank, workers)));
            Steps.at("driver.start.worker-launched");
        }
        WaitCell doorbell = files.marks.doorbell();
        while (!look()) {
            if (!errors.isEmpty() || started.stream().anyMatch(WorkerLauncher.Handle::isDead)) {
                throw failed(started, doorbell);
            }
            if (System.nanoTime() - startNanos > readyTimeout.toNanos()) {
                throw late(started);
            }
            doorbell.await(() -> poll() > 0, LOOK_NANOS);
            if (Thread.currentThread().isInterrupted() || abandoned.getAsBoolean()) {
                throw new GroupStartException(
                        (abandoned.getAsBoolean() ? "closed" : "interrupted") + " while workers were starting group="
                                + files.directory.group(),
                        List.of());
            }
        }
    }

    private int poll() {
        return files.ports.stream().mapToInt(ReplyPort::poll).sum();
    }

    /** Whether all are ready. */
    private boolean look() {
        files.marks.tick();
        poll();
        int ready = 0;
        for (int rank = 0; rank < workers; rank++) {
            Phase phase = files.board.rank(rank).phase();
            if (phase != phases[rank]) {
                phases[rank] = phase;
                listener.rankStarting(rank, phase, Duration.ofNanos(System.nanoTime() - startNanos));
            }
            ready += phase == Phase.READY ? 1 : 0;
        }
        return ready == workers && errors.isEmpty();
    }

    private GroupStartException failed(List<WorkerLauncher.Handle> started, WaitCell doorbell) {
        long deadline = System.nanoTime() + OBITUARY_NANOS;
        while (!allTold(started) && System.nanoTime() - deadline < 0 && !Thread.currentThread().isInterrupted()) {
            look();
            doorbell.await(() -> false, LOOK_NANOS);
        }
        List<RankFailure> failures = started.stream().map(this::failure).filter(Objects::nonNull).toList();
        return new GroupStartException(
                "group did not start group=" + files.directory.group() + " failed=" + failures.size()
                        + " workers=" + workers,
                failures);
    }

    private boolean allTold(List<WorkerLauncher.Handle> started) {
        return started.stream()
                .allMatch(worker -> worker.exit() != null || (!worker.isDead() && !errors.containsKey(worker.rank())));
    }

    private @Nullable RankFailure failure(WorkerLauncher.Handle worker) {
        String[] error = errors.get(worker.rank());
        if (error == null && !worker.isDead()) {
            return null;
        }
        String reason = error == null ? "ended in phase=" + phases[worker.rank()] : error[0] + ": " + error[1];
        return new RankFailure(worker.rank(), reason, worker.exit(), error == null ? "" : error[2],
                worker.lastOutput());
    }

    private GroupStartException late(List<WorkerLauncher.Handle> started) {
        List<RankFailure> missing = new ArrayList<>();
        for (WorkerLauncher.Handle worker : started) {
            if (phases[worker.rank()] != Phase.READY) {
                missing.add(
                        new RankFailure(worker.rank(), "not ready phase=" + phases[worker.rank()], worker.exit(), "",
                                worker.lastOutput()));
            }
        }
        return new GroupStartException("group did not start in time group=" + files.directory.group() + " readyTimeout="
                + readyTimeout.toMillis() + " ms missing=" + missing.size() + " workers=" + workers, missing);
    }

    @Override
    public void reply(int rank, long callId, MemorySegment buffer, long offset, long length) {
        garbage(rank, "reply before any call call=" + callId);
    }

    @Override
    public void error(int rank, long callId, boolean endsNow, String type, String message, String stack) {
        errors.put(rank, new String[]{type, message, stack});
    }

    @Override
    public void garbage(int rank, String what) {
        errors.put(rank, new String[]{"protocol", what, ""});
    }
}
