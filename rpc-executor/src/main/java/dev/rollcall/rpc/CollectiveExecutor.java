package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentRunner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.shm.board.Phase;

/**
 * A group of workers and the collective calls to them. Any thread may call and close; see {@link
 * CollectiveExecutorBuilder} for how to start one.
 *
 * <p>Every call ends exactly once: with its replies, with what a rank threw, with its deadline, with the caller's
 * cancellation, with the failure of the group, or with its closing. A group that failed takes no more calls; its
 * in-flight calls are failed first, its processes are ended afterwards, and {@link #close()} removes its files.
 */
public final class CollectiveExecutor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CollectiveExecutor.class);

    private final GroupSettings settings;
    private final GroupStatus status = new GroupStatus();
    private final List<WorkerLauncher.Handle> workers = new ArrayList<>();
    private final GroupFiles files;
    private final DriverPulse pulse;
    private final @Nullable ExecutorService ownCompletion;
    private final CallRegistry registry;
    private final RequestSender sender;
    private final Collector collector;
    private final @Nullable AgentRunner runner;
    private final @Nullable AgentInvoker invoker;
    private final @Nullable Thread hook;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch undertakerDone = new CountDownLatch(1);

    /** Where a group is in its life. */
    public enum State {
        /** Workers are being launched. */
        STARTING,
        /** Calls are taken. */
        READY,
        /** A worker died or hangs: no calls, processes are being ended. */
        FAILED,
        /** Closed, or being closed. */
        CLOSED
    }

    /**
     * How calls ended so far.
     *
     * @param issued         put into the request ring
     * @param completed      with replies
     * @param failed         by a rank's exception, a failure of the group or its closing
     * @param timedOut       by their deadline
     * @param cancelled      by the caller
     * @param lateReplies    replies to calls that had ended before; dropped
     * @param unknownReplies replies nobody asked for; dropped
     * @param inFlight       not ended yet
     */
    public record Counters(long issued, long completed, long failed, long timedOut, long cancelled, long lateReplies,
            long unknownReplies, int inFlight) {
    }

    private CollectiveExecutor(GroupSettings settings) {
        this.settings = settings;
        this.ownCompletion = settings.completion() != null ? null : completionThread(settings.group());
        this.files = settings.createFiles();
        this.pulse = new DriverPulse(settings.thread("pulse"), files.marks);
        boolean ready = false;
        try {
            files.marks.phase(Phase.STARTING);
            new GroupStart(files, settings.launcher(), settings.listener(), settings.readyTimeout()).run(workers);
            registry = new CallRegistry(files.marks, Objects.requireNonNullElse(settings.completion(), ownCompletion));
            sender = new RequestSender(files.requests, files.marks, registry, status);
            collector = new Collector(settings.thread("collector"), files.board, files.marks, files.ports, workers,
                    registry,
                    sender, status, this::failed);
            files.ports.forEach(port -> port.sink(collector));
            ready = true;
        } finally {
            if (!ready) {
                abandonStart();
            }
        }
        status.ready();
        files.marks.phase(Phase.READY);
        if (settings.invoked()) {
            runner = null;
            invoker = new AgentInvoker(this::collectorFailed, null, collector);
            invoker.start();
        } else {
            invoker = null;
            runner = new AgentRunner(new DoorbellIdle(collector, files.marks.doorbell()), this::collectorFailed, null,
                    collector);
            AgentRunner.startOnThread(runner, task -> Thread.ofPlatform().daemon().unstarted(task));
        }
        hook = settings.closeOnShutdown() ? new Thread(this::close, settings.thread("shutdown")) : null;
        if (hook != null) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
        LOG.info("group ready {}", settings);
    }

    static CollectiveExecutor start(GroupSettings settings) {
        return new CollectiveExecutor(settings);
    }

    private static ExecutorService completionThread(String group) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("rollcall-" + group + "-completion").factory());
    }

    private void abandonStart() {
        TearDown.end(workers, 0, TearDown.FAILED_TERM_NANOS);
        pulse.close();
        workers.forEach(WorkerLauncher.Handle::close);
        files.close();
        if (ownCompletion != null) {
            ownCompletion.shutdown();
        }
    }

    /**
     * Begins a group.
     *
     * @param launcher starts its workers
     * @param workers  how many ranks, 1 to 64
     * @return a builder
     */
    public static CollectiveExecutorBuilder builder(WorkerLauncher launcher, int workers) {
        return new CollectiveExecutorBuilder(launcher, workers);
    }

    /**
     * Calls a method on every rank. Returns once the call stands in the request ring, which waits, within the call's
     * deadline, while the ring is full; the arguments are copied and may be reused then. Cancelling the future cancels
     * the call. Completions run on the group's completion executor, never on the collector.
     *
     * @param method    at most 56 bytes, known to the handler
     * @param arguments copied into the ring; {@link MemorySegment#NULL} for none
     * @param options   who replies, until when
     * @return completes with the replies, or with a {@link RemoteCallException}, {@link CallTimeoutException},
     *         {@link WorkerHungException}, {@link WorkerDiedException}, {@link GroupClosedException} or
     *         {@link CancellationException}
     * @throws IllegalArgumentException when the arguments do not fit the ring or the reply rank is none of the group's
     */
    public CompletableFuture<CallResult> call(String method, MemorySegment arguments, CallOptions options) {
        if (options.replyRank() >= workers.size()) {
            throw new IllegalArgumentException(
                    "no such rank replyRank=" + options.replyRank() + " workers=" + workers.size());
        }
        Duration timeout = options.timeout() != null ? options.timeout() : settings.defaultTimeout();
        PendingCall call = new PendingCall(method, options, GroupSettings.nanos(timeout), workers.size());
        if (sender.send(call, arguments)) {
            collector.arrived(call);
            var _ = call.future.whenComplete((result, error) -> endedByCaller(call));
        }
        return call.future;
    }

    /**
     * Calls a method on every rank and gathers all replies, within the group's default timeout.
     *
     * @param method    at most 56 bytes, known to the handler
     * @param arguments copied into the ring
     * @return as {@link #call(String, MemorySegment, CallOptions)} does
     */
    public CompletableFuture<CallResult> call(String method, MemorySegment arguments) {
        return call(method, arguments, CallOptions.allRanks());
    }

    /**
     * A future that is complete while its call is not decided was completed by its owner: cancel, orTimeout, complete.
     */
    private void endedByCaller(PendingCall call) {
        if (!call.isDecided() && registry.end(call, new CancellationException("cancelled by its caller " + call))) {
            collector.arrived(call);
        }
    }

    /** Collector thread. */
    private void failed(FailureCause cause, long noticedNanos, long failedNanos, int callsFailed) {
        files.marks.phase(Phase.FAILED);
        GroupListener.Failure failure =
                new GroupListener.Failure(cause.forCall("group=" + settings.group()), noticedNanos,
                        failedNanos, callsFailed);
        LOG.error("group failed callsFailed={} {}", callsFailed, failure.cause().getMessage());
        Thread.ofPlatform().daemon().name(settings.thread("undertaker")).start(() -> bury(cause));
        registry.execute(() -> settings.listener().failed(failure));
    }

    /** Calls have failed by now: evidence second, processes third. */
    private void bury(FailureCause cause) {
        try {
            Evidence.await(files.board, files.marks.doorbell(), cause, settings.evidenceTimeout().toNanos());
            collector.expectDeaths();
            sender.close();
            TearDown.end(workers, 0, TearDown.FAILED_TERM_NANOS);
        } finally {
            undertakerDone.countDown();
        }
    }

    private void collectorFailed(Throwable error) {
        LOG.error("collector failed group={}", settings.group(), error);
        collector.breakDown(error);
    }

    /**
     * Drives the collector from the caller's own loop.
     *
     * @return started; to be invoked at least every 100 ms by one thread, which is also the one to close the group
     * @throws IllegalStateException unless the group was built with {@link CollectiveExecutorBuilder#invoked()}
     */
    public AgentInvoker invoker() {
        if (invoker == null) {
            throw new IllegalStateException("the collector has a thread of its own; build the group with invoked()");
        }
        return invoker;
    }

    /**
     * The group's name.
     *
     * @return as built, or drawn
     */
    public String group() {
        return settings.group();
    }

    /**
     * Where the group's files are: what a watchdog attaches to.
     *
     * @return a folder that {@link #close()} removes
     */
    public Path directory() {
        return files.directory.path();
    }

    /**
     * How many ranks.
     *
     * @return at least 1
     */
    public int workers() {
        return workers.size();
    }

    /**
     * A worker's process.
     *
     * @param rank 0 to workers - 1
     * @return its process id, also after its death
     */
    public long pid(int rank) {
        return workers.get(rank).pid();
    }

    /**
     * Where the group is in its life.
     *
     * @return the state now
     */
    public State state() {
        return status.state();
    }

    /**
     * How calls ended so far.
     *
     * @return a snapshot
     */
    public Counters counters() {
        return registry.counters(sender.lastIssued());
    }

    /**
     * Ends the group: takes no more calls, lets those in flight end within the drain timeout and fails the rest, lets
     * the workers leave, then CONT+TERM, then CONT+KILL, reaps them and removes the files. Bounded by drain and stop
     * timeout and four seconds; a failed group by the evidence timeout and three seconds. Idempotent, any thread, also
     * from a shutdown hook and from a completion; every caller returns when it is done. An interrupt ends the draining.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            awaitQuietly(closed, settings.closeBoundNanos());
            return;
        }
        try {
            FailureCause cause = new FailureCause.Closed(settings.group());
            State before = status.close(cause);
            if (before == State.READY) {
                files.marks.phase(Phase.DRAINING);
                drain();
            }
            registry.failAll(cause);
            if (before == State.FAILED) {
                awaitQuietly(undertakerDone, settings.closeBoundNanos());
            }
            collector.expectDeaths();
            sender.close();
            TearDown.end(workers, before == State.READY ? settings.stopTimeout().toNanos() : 0, TearDown.TERM_NANOS);
            stopCollector();
            files.marks.phase(Phase.CLOSED);
        } finally {
            release();
            closed.countDown();
        }
    }

    private void drain() {
        long start = System.nanoTime();
        long bound = settings.drainTimeout().toNanos();
        try {
            boolean drained;
            do {
                // Without a thread of its own the collector moves only if the closing thread moves it.
                long left = bound - (System.nanoTime() - start);
                drained = registry.awaitEmpty(invoker == null ? left : Math.min(left, 1_000_000));
                if (invoker != null) {
                    invoker.invoke();
                }
            } while (!drained && System.nanoTime() - start < bound);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopCollector() {
        collector.stayAwake();
        if (runner != null) {
            runner.close();
        }
        if (invoker != null) {
            invoker.close();
        }
    }

    private void release() {
        pulse.close();
        files.close();
        workers.forEach(WorkerLauncher.Handle::close);
        if (ownCompletion != null) {
            ownCompletion.shutdown();
        }
        if (hook != null && Thread.currentThread() != hook) {
            removeHook(hook);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is going down; its hook finds the group closed", e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch, long boundNanos) {
        try {
            latch.await(boundNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
