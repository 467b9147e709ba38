package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.rollcall.rpc.CollectiveExecutor.Counters;
import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;

/**
 * A group that works, calls that stay in their handlers, and two causes that end one at the same time. Nobody can say
 * which of them comes first, and that is the point: whichever it is, the call has that one outcome by every account.
 */
final class OutcomeRig implements AutoCloseable {

    private static final int WORKERS = 2;
    private static final Duration SECONDS_30 = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(15);
    /** The collector looks for deaths every 40 ms. */
    private static final Duration LONG_ENOUGH_TO_DIE = Duration.ofMillis(100);
    /** And waits for the last words of a process. */
    private static final long LAST_WORDS_NANOS = 25_000_000;
    private static final long LONGEST_STEP = 4_000_000;
    private static final long SHORTEST_STEP = 20_000;

    private final boolean processes;
    private final SharedFile gate;
    private final WorkerLauncher launcher;
    private final Map<Integer, Mortal> workers = new ConcurrentHashMap<>();
    private final ExecutorService hands = Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().factory());
    private @Nullable CollectiveExecutor open;
    private long rounds;

    OutcomeRig(Path folder, boolean processes) {
        this.processes = processes;
        Path file = folder.resolve("gate");
        gate = SharedFile.create(file, 4096);
        WorkerLauncher real = processes
                ? ProcessLauncher.of(GatedWorker.class).jvmFlag("-Xmx48m").argument(GatedWorker.GATE, file.toString())
                        .build()
                : ThreadLauncher.of(GatedWorker::new).argument(GatedWorker.GATE, file.toString());
        launcher = spec -> {
            Mortal worker = new Mortal(real.launch(spec));
            workers.put(spec.rank(), worker);
            return worker;
        };
    }

    /** A thread cannot be killed: then the kernel is made to say so. */
    private final class Mortal extends ForwardingHandle {

        private volatile boolean dead;

        Mortal(WorkerLauncher.Handle worker) {
            super(worker);
        }

        void die() {
            if (processes) {
                super.kill();
            } else {
                dead = true;
            }
        }

        @Override
        public boolean isDead() {
            return dead || super.isDead();
        }

        @Override
        public WorkerLauncher.Exit exit() {
            return dead ? new WorkerLauncher.Exit(128 + 9) : super.exit();
        }
    }

    private CollectiveExecutor group() {
        if (open == null) {
            open = CollectiveExecutor.builder(launcher, WORKERS).rings(1 << 16, 1 << 16).readyTimeout(SECONDS_30)
                    .defaultTimeout(SECONDS_30).drainTimeout(Duration.ZERO).evidenceTimeout(Duration.ZERO)
                    .restart(new RestartPolicy(100_000, Duration.ofHours(1), Duration.ofMillis(1),
                            Duration.ofMillis(5)))
                    .start();
        }
        return open;
    }

    /** How often each of the two came first. */
    record Tally(Cause first, int won, Cause second, int lost) {

        @Override
        public String toString() {
            return first + "/" + second + " " + won + "/" + lost;
        }
    }

    /** So many calls; the second cause is brought ever closer to the moment at which both are equally likely. */
    Tally play(Cause first, Cause second, int times) {
        long lag = delayNanos(first) - delayNanos(second);
        long step = LONGEST_STEP;
        int won = 0;
        boolean before = false;
        for (int i = 0; i < times; i++) {
            boolean wins = first.explains(new Round(first, second).play(lag));
            won += wins ? 1 : 0;
            step = i > 0 && wins != before ? Math.max(SHORTEST_STEP, step / 2) : step;
            lag += wins ? -step : step;
            before = wins;
        }
        return new Tally(first, won, second, times - won);
    }

    private long delayNanos(Cause cause) {
        return cause.delayNanos + (cause == Cause.DEATH && processes ? LAST_WORDS_NANOS : 0);
    }

    @Override
    public void close() {
        hands.shutdown();
        if (open != null) {
            open.close();
            assertThat(open.directory()).doesNotExist();
        }
        gate.close();
    }

    /** One call. */
    private final class Round {

        private final long number = ++rounds;
        private final Cause first;
        private final Cause second;
        private final Set<Cause> causes;
        private final CollectiveExecutor group = group();
        private final Path epoch = group.directory();
        private final Mortal victim = workers.get((int) (number & 1));
        private final Counters before = group.counters();
        private final CallEnd end = new CallEnd();
        private volatile boolean cancelled;

        Round(Cause first, Cause second) {
            this.first = first;
            this.second = second;
            this.causes = EnumSet.of(first, second);
        }

        @Override
        public String toString() {
            return "round=" + number + " " + first + "/" + second + " before=" + before + " now=" + group.counters()
                    + " " + end;
        }

        private Duration deadline() {
            return has(Cause.DEATH) ? LONG_ENOUGH_TO_DIE : SHORT;
        }

        private boolean has(Cause cause) {
            return causes.contains(cause);
        }

        /** What the call ended with. */
        @Nullable
        Throwable play(long lagNanos) {
            try (Board board = Board.open(epoch.resolve("board"), false);
                    BoardWatchdog watchdog = has(Cause.VERDICT) ? board.asWatchdog(true) : null) {
                long sent = System.nanoTime();
                send();
                TestGroup.await(SECONDS_30, 100_000, () -> end.isTold() || areInCall(board));
                long at = has(Cause.TIMEOUT) ? sent + deadline().toNanos() : System.nanoTime() + 100_000;
                long firstAt = second == Cause.TIMEOUT ? at - lagNanos : at + Math.max(0, -lagNanos);
                Future<?> one = hands.submit(() -> bringAbout(first, firstAt, watchdog));
                Future<?> other = hands.submit(() -> bringAbout(second, firstAt + lagNanos, watchdog));
                Throwable outcome = end.await();
                let();
                finish(one);
                finish(other);
                expectOutcome(outcome);
            }
            if (has(Cause.CLOSE)) {
                expectClosed();
            } else {
                expectUsable();
            }
            return end.error();
        }

        /** Whether all or one rank is asked, and whether a future or a handler is told, takes turns. */
        private void send() {
            CallOptions options = has(Cause.EXCEPTION) || (number & 2) == 0
                    ? CallOptions.fromRank(0)
                    : CallOptions.allRanks();
            if (has(Cause.TIMEOUT)) {
                options = options.within(deadline());
            }
            MemorySegment arguments = MemorySegment.ofArray(new long[]{number});
            if ((number & 4) == 0) {
                end.follow(group.call("wait", arguments, options));
            } else {
                end.follow(group.call("wait", arguments, options, end));
            }
        }

        private static boolean areInCall(Board board) {
            for (int rank = 0; rank < WORKERS; rank++) {
                if (board.rank(rank).started() <= board.rank(rank).finished()) {
                    return false;
                }
            }
            return true;
        }

        private void let() {
            for (int rank = 0; rank < WORKERS; rank++) {
                GatedWorker.let(gate, rank, number);
            }
        }

        private void bringAbout(Cause cause, long at, @Nullable BoardWatchdog watchdog) {
            for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            switch (cause) {
                case REPLY -> {
                    if (has(Cause.EXCEPTION)) {
                        GatedWorker.let(gate, 0, number);
                    } else {
                        let();
                    }
                }
                case TIMEOUT -> {
                    // by itself
                }
                case CANCEL -> cancelled = end.cancel();
                case EXCEPTION -> GatedWorker.letThrow(gate, 1, number);
                case DEATH -> victim.die();
                case VERDICT -> {
                    long _ = watchdog.verdict(new Verdict(0, Tier.ACT, HangKind.BLOCKED, 1, 1, 0.9, 0b01, "test", ""));
                }
                case RESTART -> restart();
                case CLOSE -> group.close();
            }
        }

        private void restart() {
            try {
                group.restart();
            } catch (RollcallException overtaken) {
                assertThat(has(Cause.CLOSE)).as("%s %s", this, overtaken).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static void finish(Future<?> hand) {
            try {
                Object _ = hand.get(SECONDS_30.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private void expectOutcome(@Nullable Throwable outcome) {
            assertThat(first.explains(outcome) || second.explains(outcome)).as("%s %s", this, outcome).isTrue();
            assertThat(cancelled).as("what cancelling said: %s", this).isEqualTo(Cause.CANCEL.explains(outcome));
        }

        private void expectClosed() {
            assertThat(group.state()).isEqualTo(State.CLOSED);
            assertThat(epoch).doesNotExist();
            assertThat(group.directory()).doesNotExist();
            assertThat(workers.values()).allMatch(Mortal::isDead);
            assertThatThrownBy(() -> TestGroup.get(group.call("echo", MemorySegment.NULL)))
                    .isInstanceOf(RollcallException.class);
            expectLedger(0, 1);
            open = null;
        }

        private void expectUsable() {
            boolean restarted = has(Cause.RESTART);
            boolean failed = first.isFailure() || second.isFailure();
            TestGroup.await(SECONDS_30, 500_000, () -> group.state() == State.READY
                    && (restarted || group.counters().restarts() == before.restarts() + (failed ? 1 : 0)));
            CallResult next = TestGroup.get(group.call("echo", TestWorker.text("after " + number)));
            for (int rank = 0; rank < WORKERS; rank++) {
                assertThat(TestWorker.text(next.reply(rank))).isEqualTo("after " + number);
            }
            expectLedger(1, 0);
            Counters now = group.counters();
            long failures = now.groupFailures() - before.groupFailures();
            if (!restarted) {
                assertThat(failures).as("%s", this).isEqualTo(failed ? 1 : 0);
            } else {
                assertThat(failures).as("%s", this).isBetween(0L, failed ? 1L : 0L);
                assertThat(now.restarts() - before.restarts()).as("%s", this).isBetween(1L, 1 + failures);
            }
            if (!failed && !restarted) {
                assertThat(group.directory()).as("%s", this).isEqualTo(epoch);
                expectLateReplies(now);
            }
            try (Board board = Board.open(group.directory().resolve("board"), true)) {
                assertThat(board.inFlight()).as("%s", this).isEmpty();
            }
        }

        /** A call that was sent and did not succeed has replies that come too late; the echo stands behind them. */
        private void expectLateReplies(Counters now) {
            long late = now.lateReplies() - before.lateReplies();
            boolean sent = now.issued() - before.issued() == 2;
            long least = sent && end.error() != null ? 1 : 0;
            long most = end.error() == null && !has(Cause.EXCEPTION) ? 0 : WORKERS;
            assertThat(late).as("late replies: %s", this).isBetween(least, most);
        }

        private void expectLedger(int completedMore, int failedMore) {
            Counters now = group.counters();
            Throwable error = end.error();
            boolean timedOut = Cause.TIMEOUT.explains(error);
            boolean gaveUp = Cause.CANCEL.explains(error);
            assertThat(now.completed() - before.completed()).as("completed: %s", this)
                    .isEqualTo(completedMore + (error == null ? 1 : 0));
            assertThat(now.timedOut() - before.timedOut()).as("timed out: %s", this).isEqualTo(timedOut ? 1 : 0);
            assertThat(now.cancelled() - before.cancelled()).as("cancelled: %s", this).isEqualTo(gaveUp ? 1 : 0);
            assertThat(now.failed() - before.failed()).as("failed: %s", this)
                    .isEqualTo(failedMore + (error == null || timedOut || gaveUp ? 0 : 1));
            assertThat(now.retried() - before.retried()).as("retried: %s", this).isZero();
            assertThat(now.unknownReplies() - before.unknownReplies()).as("unknown: %s", this).isZero();
            assertThat(now.inFlight()).as("in flight: %s", this).isZero();
            end.expectToldOnce();
        }
    }
}
