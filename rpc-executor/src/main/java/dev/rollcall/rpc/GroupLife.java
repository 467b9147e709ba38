package dev.rollcall.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.Steps;

/**
 * The group's state and the epochs it goes through. Any thread.
 *
 * <h2>Who ends an epoch</h2>
 *
 * The first to put a cause into its {@link GroupStatus}: the collector with a failure, the owner with a restart or with
 * closing. From then on nothing is sent in it, and its calls are failed or, when the group goes on, kept: what no rank
 * had received when the epoch was sealed, and what may run twice. Only then come evidence, processes and files. Those
 * take seconds and are done by one thread at a time, which holds {@link #hands}; the state itself changes under this
 * object's monitor, never held for long, so that closing can interrupt a start that takes minutes.
 */
final class GroupLife {

    private static final Logger LOG = LoggerFactory.getLogger(GroupLife.class);
    private static final int FIRST_EPOCH = 1;

    private final GroupSettings settings;
    private final CallEnds ends;
    private final CollectorSeat seat;
    private final ReentrantLock hands = new ReentrantLock();
    // with hands
    private final List<WorkerLauncher.Handle> lost = new ArrayList<>();
    private int newest = FIRST_EPOCH;

    // guarded by this
    private State state = State.STARTING;
    private Epoch current;
    private @Nullable FailureCause cause;
    private final KeptCalls kept;
    private final @Nullable RestartBudget budget;
    private int burials;

    /** Starts the first epoch, unless that is abandoned. */
    GroupLife(GroupSettings settings, CallEnds ends, CollectorSeat seat, BooleanSupplier abandoned) {
        this.settings = settings;
        this.ends = ends;
        this.seat = seat;
        this.kept = new KeptCalls(ends);
        this.budget = settings.restart() == null ? null : new RestartBudget(settings.restart());
        this.current = start(FIRST_EPOCH, abandoned);
        synchronized (this) {
            if (current.status.refusal() == null) {
                move(State.READY);
            }
        }
    }

    private Epoch start(int number, BooleanSupplier abandoned) {
        return new Epoch(settings, number, ends, seat, this::failed, abandoned);
    }

    synchronized State state() {
        return state;
    }

    private boolean isClosed() {
        return state() == State.CLOSED;
    }

    /** The last one there was, between two. */
    synchronized Epoch epoch() {
        return current;
    }

    /** Holding the monitor. */
    private void move(State to) {
        State from = state;
        state = to;
        notifyAll();
        if (from == to) {
            return;
        }
        ends.completions().execute(() -> settings.listener().stateChanged(from, to));
    }

    /** Holding the monitor: whether somebody has the state in hand, and is not done with it. */
    private boolean isMoving() {
        return state == State.RESTARTING || (state == State.READY && current.status.refusal() != null);
    }

    /** The epoch to send this call in; null when the call has ended instead. Waits while the group restarts. */
    @Nullable
    Epoch await(PendingCall call) {
        Throwable refusal;
        try {
            synchronized (this) {
                while (isMoving()) {
                    long left = call.remainingNanos();
                    if (left <= 0) {
                        break;
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, Long.MAX_VALUE >> 1));
                }
                if (state == State.READY) {
                    return current;
                }
                refusal = state == State.RESTARTING
                        ? new CallTimeoutException("timed out while the group was restarting " + call, 0, List.of(),
                                List.of())
                        : Objects.requireNonNull(cause).forCall(call.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refusal = new CancellationException("interrupted before it was sent " + call);
        }
        boolean _ = ends.refuse(call, refusal);
        return null;
    }

    /** Collector thread. */
    private void failed(Epoch epoch, FailureCause why, long noticedNanos) {
        if (!epoch.status.fail(why)) {
            int _ = epoch.registry.failAll(why); // again: a call may have slipped in between
            return;
        }
        ends.counters().groupFailures.incrementAndGet();
        long pause = decide(why);
        int calls = pause == RestartBudget.SPENT ? epoch.registry.failAll(why) : endOrKeep(epoch, why);
        long failedNanos = System.nanoTime();
        epoch.files.marks.phase(Phase.FAILED);
        GroupListener.Failure failure = new GroupListener.Failure(why.forCall("group=" + settings.group()),
                noticedNanos, failedNanos, calls);
        LOG.error("group failed epoch={} callsFailed={} {}", epoch.number, calls, failure.cause().getMessage());
        settings.execution().threads().newThread(settings.thread("undertaker"), () -> bury(epoch, why, pause)).start();
        ends.completions().execute(() -> settings.listener().failed(failure));
    }

    /** How long until the restart, or that there is none. */
    private synchronized long decide(FailureCause why) {
        burials++;
        cause = why;
        if (state == State.CLOSED) {
            return RestartBudget.SPENT;
        }
        long pause = budget == null ? RestartBudget.SPENT : budget.next(System.nanoTime());
        move(pause == RestartBudget.SPENT ? State.FAILED : State.RESTARTING);
        return pause;
    }

    /** How many ended; the others wait for the next epoch. */
    private int endOrKeep(Epoch epoch, FailureCause why) {
        long received = epoch.seal();
        Steps.at("driver.restart.sealed");
        int ended = 0;
        for (PendingCall call : epoch.registry.snapshot()) {
            if (call.id <= received && !call.policy.idempotent()) {
                ended += epoch.registry.end(call, why.forCall(call.toString())) ? 1 : 0;
            } else {
                boolean again = call.id <= received;
                if (call.kept == null) {
                    call.kept = epoch.sender.argumentsOf(call);
                }
                if (epoch.registry.park(call)) {
                    kept.add(call, again);
                }
            }
        }
        return ended;
    }

    /** Calls have failed by now: evidence second, processes third, a new epoch last. */
    private void bury(Epoch epoch, FailureCause why, long pause) {
        hands.lock();
        try {
            if (pause == RestartBudget.SPENT) {
                leaveKept(why); // calls that this epoch had been given and did not take: there is no other
            }
            Evidence.await(epoch.files.board, epoch.files.marks.doorbell(), why,
                    settings.timeouts().evidence().toNanos());
            lost.addAll(epoch.endProcesses(0, TearDown.FAILED_TERM_NANOS));
            if (pause != RestartBudget.SPENT) {
                retire(epoch);
                restartAfter(pause);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("group={} epoch={} could not be taken down", settings.group(), epoch.number, e);
            notStarted(e);
        } finally {
            hands.unlock();
            synchronized (this) {
                burials--;
                notifyAll();
            }
        }
    }

    private synchronized void leaveKept(FailureCause why) {
        kept.fail(why);
    }

    /** Whoever waits for a restart that did not come about is told. */
    private synchronized void notStarted(Throwable why) {
        if (state == State.RESTARTING) {
            giveUp(new FailureCause.NotStarted(settings.group(), why));
        }
    }

    /** With hands. Until it works, or restarting has been tried too often, or the group is closed. */
    private void restartAfter(long firstPause) {
        long pause = firstPause;
        while (pause != RestartBudget.SPENT && pauseUnlessClosed(pause)) {
            try {
                boolean _ = begin();
                return;
            } catch (RuntimeException e) {
                LOG.error("restart failed group={} epoch={}", settings.group(), newest, e);
                pause = afterFailedStart(e);
            }
        }
    }

    private synchronized boolean pauseUnlessClosed(long nanos) {
        long start = System.nanoTime();
        long left = nanos;
        try {
            while (left > 0 && state != State.CLOSED) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = nanos - (System.nanoTime() - start);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return state != State.CLOSED;
    }

    private synchronized long afterFailedStart(RuntimeException error) {
        if (state == State.CLOSED) {
            return RestartBudget.SPENT;
        }
        long pause = budget == null ? RestartBudget.SPENT : budget.next(System.nanoTime());
        if (pause == RestartBudget.SPENT) {
            giveUp(new FailureCause.NotStarted(settings.group(), error));
        }
        return pause;
    }

    /** Holding the monitor. */
    private void giveUp(FailureCause why) {
        cause = why;
        move(State.FAILED);
        kept.fail(why);
    }

    /**
     * With hands: starts an epoch, sends what was kept, then lets callers in; false when it has ended already. Its number is
     * new even if no epoch came of the one before: a rank that is late in starting there must not find files here.
     */
    private boolean begin() {
        Steps.at("driver.restart.old-gone");
        Epoch next = start(++newest, this::isClosed);
        Steps.at("driver.restart.new-ready");
        synchronized (this) {
            current = next;
        }
        kept.send(next);
        synchronized (this) {
            // Otherwise it has failed already, or somebody closed: they have the state in hand.
            if (state != State.RESTARTING || next.status.refusal() != null) {
                return false;
            }
            cause = null;
            ends.counters().restarts.incrementAndGet();
            move(State.READY);
        }
        LOG.info("group ready again epoch={} {}", next.number, settings.group());
        return true;
    }

    /** See {@link CollectiveExecutor#restart()}. */
    void restart() throws InterruptedException {
        awaitBurials(Long.MAX_VALUE);
        hands.lockInterruptibly();
        try {
            Epoch old = takeOver();
            if (old != null) {
                lost.addAll(old.endProcesses(settings.timeouts().stop().toNanos(), TearDown.TERM_NANOS));
                retire(old);
                try {
                    if (begin()) {
                        return;
                    }
                } catch (RuntimeException | Error e) {
                    notStarted(e);
                    throw e;
                }
            }
        } finally {
            hands.unlock();
        }
        // A failure came first, or at once; what follows from it is this restart, or that there is none.
        awaitWhatFollows();
    }

    private synchronized void awaitWhatFollows() throws InterruptedException {
        while (burials > 0 || isMoving()) { // whoever has the state in hand keeps to bounds, and leaves none of these behind
            wait();
        }
        if (state != State.READY) {
            throw Objects.requireNonNull(cause).forCall("restart");
        }
    }

    /** With hands: the epoch to be ended, its calls failed or kept; null when a failure is ending it. */
    private @Nullable Epoch takeOver() {
        Epoch old;
        FailureCause why;
        synchronized (this) {
            old = current;
            why = new FailureCause.Restarted(settings.group(), old.number);
            if (state == State.CLOSED) {
                throw Objects.requireNonNull(cause).forCall("restart");
            }
            if (burials > 0 || (state == State.READY && !old.status.fail(why))) {
                return null;
            }
            move(State.RESTARTING);
        }
        if (!old.isReleased()) { // else no epoch could be started after it, and its calls have long ended
            int _ = endOrKeep(old, why);
        }
        return old;
    }

    private synchronized void awaitBurials(long boundNanos) throws InterruptedException {
        long start = System.nanoTime();
        while (burials > 0) {
            long left = boundNanos - (System.nanoTime() - start);
            if (left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, Long.MAX_VALUE >> 1));
        }
    }

    /** Lets calls in flight end, fails the rest, and takes everything down. Once. */
    void close(Drain drain) {
        FailureCause why = new FailureCause.Closed(settings.group());
        Epoch epoch;
        boolean ready;
        synchronized (this) {
            epoch = current;
            ready = state == State.READY && epoch.status.fail(why);
            cause = Objects.requireNonNullElse(cause, why);
            move(State.CLOSED);
        }
        Steps.at("driver.close.marked");
        if (ready) {
            epoch.files.marks.phase(Phase.DRAINING);
            drain.run(epoch);
        }
        int _ = epoch.registry.failAll(why);
        awaitHands();
        try {
            Epoch last = epoch();
            boolean _ = last.status.fail(why); // one begun meanwhile, with calls in it that were kept
            int _ = last.registry.failAll(why);
            lost.addAll(last.endProcesses(ready ? settings.timeouts().stop().toNanos() : 0, TearDown.TERM_NANOS));
            Steps.at("driver.close.workers-gone");
            retire(last);
            lost.stream().distinct().forEach(GroupLife::endLost);
        } finally {
            hands.unlock();
        }
        synchronized (this) {
            kept.fail(why);
        }
    }

    /** With hands, once its processes were ended. What cannot be released does not keep the group from going on. */
    private void retire(Epoch epoch) {
        List<AutoCloseable> parts = new ArrayList<>(List.of(epoch::release));
        epoch.workers.stream().filter(worker -> !lost.contains(worker)).forEach(parts::add);
        CloseHelper.closeAll(
                e -> LOG.error("group={} epoch={} something is left behind", settings.group(), epoch.number, e), parts);
    }

    /** Others keep to their bounds: the state tells them to come to an end. An interrupt is kept for later. */
    private void awaitHands() {
        boolean interrupted = false;
        while (true) {
            try {
                awaitBurials(settings.closeBoundNanos());
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        hands.lock();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One that no signal ended in its own epoch; by now it may have come back to life, or not. */
    private static void endLost(WorkerLauncher.Handle worker) {
        worker.kill();
        if (worker.awaitDeath(TearDown.FAILED_TERM_NANOS)) {
            worker.close();
        } else {
            LOG.error("rank={} pid={} is left behind: it cannot be ended", worker.rank(), worker.pid());
        }
    }

    /** How calls in flight get to end. */
    interface Drain {

        void run(Epoch epoch);
    }
}
