package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.shm.WaitStrategy;
import dev.rollcall.shm.board.WatchdogState;

/**
 * A group of workers and the collective calls to them. Any thread may call and close; see {@link
 * CollectiveExecutorBuilder} for how to start one.
 *
 * <p>Every call ends exactly once: with its replies, with what a rank threw, with its deadline, with the caller's
 * cancellation, with the failure of the group, or with its closing. When a group fails, its in-flight calls are failed
 * first, its processes are ended afterwards. It then takes no more calls until it is restarted, by its owner or by its
 * {@link RestartPolicy}; {@link #close()} removes its files.
 */
public final class CollectiveExecutor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CollectiveExecutor.class);
    private static final String PING = "rollcall.ping";

    private final GroupSettings settings;
    private final Completions completions;
    private final CallCounters counters;
    private final ReplyBuffer.Pool buffers;
    private final GroupLife life;
    private final CollectorSeat seat;
    private final @Nullable AgentInvoker invoker;
    private final @Nullable Thread hook;
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile boolean alive;
    private volatile boolean goingDown;
    private final AtomicBoolean closing = new AtomicBoolean();
    /** Workers, files and calls have gone; completions may still run. */
    private final CountDownLatch down = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Where a group is in its life. */
    public enum State {
        /** Workers are being launched for the first time. */
        STARTING,
        /** Calls are taken. */
        READY,
        /** A worker died or hangs: no calls, processes are being ended. */
        FAILED,
        /** A new epoch is being started; callers wait for it. */
        RESTARTING,
        /** Closed, or being closed. */
        CLOSED
    }

    /**
     * How calls ended so far, and how often the group itself failed or began anew, over all epochs.
     *
     * @param issued         put into the request ring
     * @param completed      with replies
     * @param failed         by a rank's exception, a failure of the group or its closing
     * @param timedOut       by their deadline
     * @param cancelled      by the caller
     * @param retried        made again in a new epoch after a rank had received them
     * @param lateReplies    replies to calls that had ended before; dropped
     * @param unknownReplies replies nobody asked for; dropped
     * @param inFlight       not ended yet
     * @param groupFailures  failures of the group
     * @param restarts       times it was ready again afterwards, or after its owner restarted it
     */
    public record Counters(long issued, long completed, long failed, long timedOut, long cancelled, long retried,
            long lateReplies, long unknownReplies, int inFlight, long groupFailures, long restarts) {
    }

    private CollectiveExecutor(GroupSettings settings) {
        this.settings = settings;
        this.counters = new CallCounters(settings.group());
        this.completions = Completions.of(settings.execution().completion(), settings.execution().threads(),
                settings.thread("completion"));
        this.buffers = new ReplyBuffer.Pool(settings.workers());
        seat = new CollectorSeat(settings.thread("collector"));
        invoker = settings.execution().invoked() ? new AgentInvoker(seat::failed, null, seat) : null;
        if (invoker != null) {
            invoker.start();
        }
        hook = settings.execution().closeOnShutdown()
                ? settings.execution().threads().newThread(settings.thread("shutdown"), this::closeAtShutdown)
                : null;
        try {
            if (hook != null) {
                Runtime.getRuntime().addShutdownHook(hook); // before there is anything to be left behind
            }
            life = new GroupLife(settings, new CallEnds(counters, completions), seat, () -> goingDown);
            alive = true;
        } finally {
            if (!alive) {
                release();
            }
            started.countDown();
        }
        LOG.info("group ready {}", settings);
    }

    /** A start that is under way gives up and cleans up by itself; that is waited for. */
    private void closeAtShutdown() {
        goingDown = true;
        awaitQuietly(started, settings.closeBoundNanos());
        if (alive) {
            close();
        }
    }

    static CollectiveExecutor start(GroupSettings settings) {
        return new CollectiveExecutor(settings);
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
     * deadline, while the ring or the call window is full or the group restarts; the arguments are copied and may be
     * reused then. Cancelling the future, or completing it in any other way, cancels the call. Completions run on the group's completion executor, never on
     * the collector.
     *
     * @param method    at most 56 bytes, known to the handler
     * @param arguments copied into the ring; {@link MemorySegment#NULL} for none
     * @param options   who replies, until when
     * @return completes with the replies, or with a {@link RemoteCallException}, {@link CallTimeoutException},
     *         {@link GroupClosedException}, {@link CancellationException} or a {@link RetryableFailure}
     * @throws IllegalArgumentException           when the arguments do not fit the ring or the group has no such rank
     * @throws dev.rollcall.shm.RollcallException when a name is too long or would be the group's 256th; the call was
     *                                            not made, and names used before go on working
     */
    public CompletableFuture<CallResult> call(String method, MemorySegment arguments, CallOptions options) {
        return future(method, arguments, options, result -> result);
    }

    /**
     * Calls a method on every rank and gathers all replies, within the default timeout of method or group.
     *
     * @param method    at most 56 bytes, known to the handler
     * @param arguments copied into the ring
     * @return as {@link #call(String, MemorySegment, CallOptions)} does
     */
    public CompletableFuture<CallResult> call(String method, MemorySegment arguments) {
        return call(method, arguments, CallOptions.allRanks());
    }

    /**
     * Calls a method on every rank and makes one answer of all replies.
     *
     * @param method     at most 56 bytes, known to the handler
     * @param arguments  copied into the ring
     * @param options    until when; its reply rank is whose reply the answer starts from, rank 0 when it says all
     * @param aggregator makes the answer, on the completion executor
     * @param <T>        the answer
     * @return as {@link #call(String, MemorySegment, CallOptions)} does, or with what the aggregator throws
     */
    public <T> CompletableFuture<T> aggregate(String method, MemorySegment arguments, CallOptions options,
            ReplyAggregator<T> aggregator) {
        checkRank(options);
        int base = Math.max(0, options.replyRank());
        return future(method, arguments, options.fromAll(), result -> aggregator.aggregate(result, base));
    }

    private <T> CompletableFuture<T> future(String method, MemorySegment arguments, CallOptions options,
            Function<CallResult, T> function) {
        MethodOptions policy = settings.method(method);
        int flags = policy.fatalErrors() ? CallLayout.FATAL_ERRORS : 0;
        return send(new FutureCall<>(counters.of(method), options, policy, flags,
                settings.timeoutNanos(options, policy), workers(),
                function), arguments);
    }

    private <T> CompletableFuture<T> send(FutureCall<T> call, MemorySegment arguments) {
        boolean _ = dispatch(call, arguments);
        return call.future;
    }

    /**
     * Calls a method on every rank without a future: replies are shown to the handler in place. On the driver such a
     * call allocates a few hundred bytes whatever the size of arguments and replies; nothing is allocated for it on a
     * worker. Otherwise as {@link #call(String, MemorySegment, CallOptions)}.
     *
     * @param method    at most 56 bytes, known to the handler
     * @param arguments copied into the ring
     * @param options   who replies, until when; may be used again and again
     * @param handler   told on the completion executor
     * @return to cancel it
     * @throws IllegalArgumentException           when the arguments do not fit the ring or the group has no such rank
     * @throws dev.rollcall.shm.RollcallException when a name is too long or would be the group's 256th; the call was
     *                                            not made, and names used before go on working
     */
    public SentCall call(String method, MemorySegment arguments, CallOptions options, ReplyHandler handler) {
        MethodOptions policy = settings.method(method);
        HandlerCall call =
                new HandlerCall(counters.of(method), options, policy, settings.timeoutNanos(options, policy), workers(),
                        handler, buffers);
        boolean _ = dispatch(call, arguments);
        return call;
    }

    /** Whether it was sent; else it has ended. */
    private boolean dispatch(PendingCall call, MemorySegment arguments) {
        checkRank(call.options);
        if (call.policy.idempotent()) {
            call.kept = MemorySegment.ofArray(arguments.toArray(ValueLayout.JAVA_BYTE));
        }
        for (Epoch epoch = life.await(call); epoch != null; epoch = life.await(call)) {
            switch (epoch.sender.send(call, arguments)) {
                case YES -> {
                    return true;
                }
                case REFUSED -> {
                    return false;
                }
                case EPOCH_OVER -> {
                    // it waits for the next
                }
            }
        }
        return false;
    }

    private void checkRank(CallOptions options) {
        if (options.replyRank() >= workers()) {
            throw new IllegalArgumentException(
                    "no such rank replyRank=" + options.replyRank() + " workers=" + workers());
        }
    }

    /**
     * Asks the loop of every rank for a sign of life, through the rings that calls take: a rank that is busy answers
     * when it is done. Also from a listener or a completion; not for the thread that drives the {@link #invoker()}.
     *
     * @param timeout how long to wait for all
     * @return who answered, and how fast; never throws for a group that is not well
     */
    public Health checkHealth(Duration timeout) {
        State now = state();
        List<Integer> all = IntStream.range(0, workers()).boxed().toList();
        if (now != State.READY) {
            return new Health(now, Duration.ZERO, all, "group is " + now, watchdog());
        }
        PingCall ping = new PingCall(counters.of(PING), GroupSettings.nanos(timeout), workers());
        boolean _ = dispatch(ping, MemorySegment.NULL);
        Throwable why = ping.await();
        if (why == null) {
            return new Health(state(), since(ping), List.of(), "", watchdog());
        }
        List<Integer> silent = why instanceof CallTimeoutException late && late.callId() > 0 ? late.missing() : all;
        return new Health(state(), since(ping), silent, String.valueOf(why.getMessage()), watchdog());
    }

    private static Duration since(PendingCall call) {
        return Duration.ofNanos(System.nanoTime() - call.startNanos);
    }

    /**
     * Ends the workers and starts new ones with new files. Calls that no rank has received are made in the new epoch,
     * and so are calls to methods declared idempotent; others in flight fail with a {@link GroupRestartedException}.
     * Callers meanwhile wait within their deadlines. A failed group may be restarted too. Returns when the group is
     * ready; bounded by stop and ready timeout and four seconds, and when a failure comes first, by what the
     * {@link RestartPolicy} takes besides.
     *
     * @throws GroupStartException                when a worker did not get ready, or this thread was interrupted after the
     *                                            restart had begun and stays so: the group is failed then
     * @throws dev.rollcall.shm.RollcallException when it failed or was closed meanwhile
     * @throws InterruptedException               when interrupted while waiting for what others had begun
     */
    public void restart() throws InterruptedException {
        life.restart();
    }

    /**
     * Drives the collector from the caller's own loop. Closing drives it too, on any thread, the shutdown hook's
     * included: each duty cycle is made under one lock. Agrona's invoker ends for good when its thread is found
     * interrupted: clear an interrupt that is not meant to end the loop before invoking, or the group looks hung.
     *
     * @return started; to be invoked at least every 100 ms by one thread
     * @throws IllegalStateException unless the group was built with {@link CollectiveExecutorBuilder#invoked()}
     */
    public AgentInvoker invoker() {
        if (invoker == null) {
            throw new IllegalStateException("the collector has a thread of its own; build the group with invoked()");
        }
        return invoker;
    }

    /**
     * For a loop that drives the {@link #invoker()} and has nothing else to do: idles until a rank, the watchdog or a
     * caller rings, or until the next deadline, for at most 40 ms. Replies are taken while it looks. Keeps on across
     * restarts.
     *
     * @param waiting how
     * @return for the thread that drives the invoker
     * @throws IllegalStateException unless the group was built with {@link CollectiveExecutorBuilder#invoked()}
     */
    public IdleStrategy invokerIdle(WaitStrategy waiting) {
        AgentInvoker _ = invoker();
        return new SeatIdle(seat, waiting);
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
     * @return a folder that {@link #close()} removes; another one after each restart
     */
    public Path directory() {
        return life.epoch().files.directory.path();
    }

    /**
     * How many ranks.
     *
     * @return at least 1
     */
    public int workers() {
        return settings.workers();
    }

    /**
     * A worker's process.
     *
     * @param rank 0 to workers - 1
     * @return its process id, also after its death
     */
    public long pid(int rank) {
        return life.epoch().workers.get(rank).pid();
    }

    /**
     * Where the group is in its life.
     *
     * @return the state now
     */
    public State state() {
        return life.state();
    }

    /**
     * Whether somebody watches the group, as its driver saw it within the last 200 ms. A watchdog that hangs is logged once,
     * and is no failure of the group.
     *
     * @return {@link WatchdogState#NONE} also while the group takes no calls
     */
    public WatchdogState watchdog() {
        return life.epoch().watchdog.state();
    }

    /**
     * How calls ended so far.
     *
     * @return a snapshot
     */
    public Counters counters() {
        return counters.snapshot(life.epoch().registry.inFlight());
    }

    /**
     * Tells of every method that is called: of those called so far at once, of each new one on the thread that calls it
     * first. What it throws is logged. For meters by method, see {@code dev.rollcall.rpc.micrometer}.
     *
     * @param told given each method's counters once; must not call this group
     */
    public void onMethod(Consumer<MethodCalls> told) {
        counters.onMethod(told);
    }

    /**
     * Ends the group: takes no more calls, lets those in flight end within the drain timeout and fails the rest, lets
     * the workers leave, then CONT+TERM, then CONT+KILL, reaps them and removes the files. When it returns all calls
     * have ended and their futures are completed, unless an earlier completion on the group's own thread takes more than
     * two seconds (one that waits for this close to end, say), or an executor of the embedder's has not come to them.
     * Bounded by drain and stop timeout and six seconds; a failed group by the evidence timeout and five seconds.
     * Idempotent, any thread, also from a shutdown hook and from a completion. Every caller returns when it is done; only
     * a completion that is not the first to close returns when workers and files are gone, as it is itself waited for.
     * An interrupt ends the draining and the waiting for completions.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            awaitQuietly(completions.isOwnThread() ? down : closed, settings.closeBoundNanos());
            return;
        }
        try {
            life.close(this::drain);
        } finally {
            down.countDown();
            release();
            closed.countDown();
        }
    }

    private void drain(Epoch epoch) {
        long start = System.nanoTime();
        long bound = settings.timeouts().drain().toNanos();
        try {
            boolean drained;
            do {
                // Without a thread of its own the collector moves only if the closing thread moves it.
                long left = bound - (System.nanoTime() - start);
                drained = epoch.registry.awaitEmpty(invoker == null ? left : Math.min(left, 1_000_000));
                if (invoker != null) {
                    seat.drive();
                }
            } while (!drained && System.nanoTime() - start < bound);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        if (invoker != null) {
            invoker.close();
        }
        completions.close();
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
