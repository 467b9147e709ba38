package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;

class RestartTest {

    private static final Duration SECONDS_20 = Duration.ofSeconds(20);

    private final List<String> states = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final GroupListener listener = new GroupListener() {
        @Override
        public void stateChanged(State from, State to) {
            states.add(from + ">" + to);
        }

        @Override
        public void failed(Failure failure) {
            failures.incrementAndGet();
        }
    };

    @Test
    void shouldKeepWhatWasNotSentAndFailWhatWasInFlight() throws Exception {
        try (Restarted group = Restarted.of(2, builder -> builder.listener(listener))) {
            CollectiveExecutor executor = group.executor;
            Path before = executor.directory();
            CompletableFuture<CallResult> running = executor.call("sleep", TestWorker.text("8000"));
            CompletableFuture<CallResult> kept = executor.call("echo", TestWorker.text("kept"));
            CompletableFuture<CallResult> tooShort = executor.call("echo", TestWorker.text("too short"),
                    CallOptions.allRanks().within(Duration.ofMillis(400)));
            CompletableFuture<CallResult> cancelled = executor.call("echo", TestWorker.text("cancelled"));
            awaitStarted(before, 1);
            Thread restart = Thread.ofVirtual().start(() -> restart(executor));
            TestGroup.await(SECONDS_20, () -> running.isDone());
            assertThat(restart.isAlive()).as("calls fail before processes end").isTrue();
            assertThatThrownBy(() -> TestGroup.get(running)).isInstanceOf(GroupRestartedException.class)
                    .isInstanceOf(RetryableFailure.class).hasMessageContaining("endedEpoch=1");
            assertThat(cancelled.cancel(true)).isTrue();
            CompletableFuture<CallResult> meanwhile =
                    CompletableFuture.supplyAsync(() -> executor.call("rank", MemorySegment.NULL).join());

            assertThat(TestWorker.text(TestGroup.get(kept).reply(1))).isEqualTo("kept");
            assertThat(TestGroup.get(meanwhile).workers()).isEqualTo(2);
            assertThatThrownBy(() -> TestGroup.get(tooShort)).isInstanceOf(CallTimeoutException.class);
            assertThat(restart.join(SECONDS_20)).isTrue();
            assertThat(before).doesNotExist();
            assertThat(executor.directory()).exists().isNotEqualTo(before);
            assertThat(executor.counters().inFlight()).isZero();
            assertThat(executor.counters().cancelled()).isEqualTo(1);
        }
        TestGroup.await(SECONDS_20, () -> states.size() == 4);
        assertThat(states).containsExactly("STARTING>READY", "READY>RESTARTING", "RESTARTING>READY", "READY>CLOSED");
        assertThat(failures).hasValue(0);
    }

    @Test
    void shouldMakeIdempotentCallsAgainAfterAFailure() {
        try (Restarted group = Restarted.of(2,
                builder -> builder.listener(listener).restart(quickly(3))
                        .method("sleep", MethodOptions.defaults().retried()))) {
            CollectiveExecutor executor = group.executor;
            CompletableFuture<CallResult> again = executor.call("sleep", TestWorker.text("600"));
            CompletableFuture<CallResult> behind = executor.call("pid", MemorySegment.NULL);
            awaitStarted(executor.directory(), 1);
            long killed = executor.pid(1);
            group.signal(1, Signal.KILL);
            assertThat(TestGroup.get(again).workers()).isEqualTo(2);
            assertThat(TestWorker.text(TestGroup.get(behind).reply(1))).isNotEqualTo(Long.toString(killed));
            assertThat(executor.state()).isEqualTo(State.READY);
            assertThat(executor.counters().retried()).isEqualTo(1);
            assertThat(executor.counters().failed()).isZero();
            TestGroup.await(SECONDS_20, () -> failures.get() == 1);
        }
    }

    @Test
    void shouldGiveUpWhenRestartsDoNotHelp() {
        try (Restarted group = Restarted.of(1, builder -> builder.listener(listener).restart(quickly(2)))) {
            CollectiveExecutor executor = group.executor;
            for (int i = 0; i < 3; i++) {
                TestGroup.await(SECONDS_20, () -> executor.state() == State.READY);
                group.signal(0, Signal.KILL);
                int failed = i + 1;
                TestGroup.await(SECONDS_20, () -> failures.get() == failed);
            }
            TestGroup.await(SECONDS_20, () -> executor.state() == State.FAILED);
            assertThatThrownBy(() -> TestGroup.get(executor.call("rank", MemorySegment.NULL)))
                    .isInstanceOf(WorkerDiedException.class);
            restart(executor);
            assertThat(TestGroup.get(executor.call("rank", MemorySegment.NULL)).workers()).isEqualTo(1);
        }
        assertThat(states).containsSubsequence("READY>FAILED", "FAILED>RESTARTING", "RESTARTING>READY")
                .doesNotContain("READY>READY");
    }

    /** The launcher's handles pretend that no signal helps: what a process that hangs inside the kernel looks like. */
    @Test
    void shouldNotBeHarmedByAZombieThatWakesUp() {
        ProcessLauncher processes = TestGroup.launcher().build();
        AtomicInteger launched = new AtomicInteger();
        WorkerLauncher launcher = spec -> {
            WorkerLauncher.Handle worker = processes.launch(spec);
            return launched.incrementAndGet() == 2 ? new Undying(worker) : worker;
        };
        Restarted group = new Restarted(CollectiveExecutor.builder(launcher, 2).stopTimeout(Duration.ofMillis(200))
                .defaultTimeout(SECONDS_20).start());
        try (PidFd zombie = PidFd.open(ProcessIdentity.of((int) group.executor.pid(1)));
                Board old = Board.open(group.executor.directory().resolve("board"), true)) {
            CollectiveExecutor executor = group.executor;
            CompletableFuture<CallResult> running = executor.call("sleep", TestWorker.text("500"));
            awaitStarted(executor.directory(), 1);
            for (int rank = 0; rank < 2; rank++) {
                group.signal(rank, Signal.STOP);
                long pid = executor.pid(rank);
                TestGroup.await(SECONDS_20, () -> TestGroup.isStopped(pid));
            }
            CompletableFuture<CallResult> kept =
                    executor.call("pid", MemorySegment.NULL, CallOptions.fromRank(1));
            restart(executor);
            assertThatThrownBy(() -> TestGroup.get(running)).isInstanceOf(GroupRestartedException.class);
            assertThat(TestWorker.text(TestGroup.get(kept).reply(1))).isEqualTo(Long.toString(executor.pid(1)));
            assertThat(zombie.isDead()).isFalse();
            zombie.signal(Signal.CONT);
            // It ends its call and replies to nobody, finds its epoch over, starts nothing more and leaves.
            TestGroup.await(SECONDS_20, zombie::isDead);
            assertThat(old.rank(1).replied()).isEqualTo(1);
            assertThat(old.rank(1).started()).isEqualTo(1);
            for (int i = 0; i < 50; i++) {
                assertThat(TestWorker.text(TestGroup.get(executor.call("echo", TestWorker.text("call " + i))).reply(1)))
                        .isEqualTo("call " + i);
            }
            assertThat(executor.counters().unknownReplies()).isZero();
        } finally {
            group.close();
        }
    }

    @Test
    void shouldCloseWhileARestartIsUnderWay() {
        Restarted group = Restarted.of(2, builder -> builder.restart(
                new RestartPolicy(3, Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofMinutes(1))));
        CompletableFuture<CallResult> running = group.executor.call("sleep", TestWorker.text("8000"));
        CompletableFuture<CallResult> kept = group.executor.call("rank", MemorySegment.NULL);
        awaitStarted(group.executor.directory(), 1);
        group.signal(0, Signal.KILL);
        assertThatThrownBy(() -> TestGroup.get(running)).isInstanceOf(WorkerDiedException.class);
        assertThat(group.executor.state()).isEqualTo(State.RESTARTING);
        assertThat(kept).isNotDone();
        long start = System.nanoTime();
        group.close();
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
        // futures complete on an executor of their own, which close does not wait for
        assertThatThrownBy(() -> TestGroup.get(kept)).isInstanceOf(GroupClosedException.class);
    }

    @Test
    void shouldRefuseARestartOfAClosedGroup() {
        Restarted group = Restarted.of(1, builder -> builder);
        group.close();
        assertThatThrownBy(group.executor::restart).isInstanceOf(GroupClosedException.class);
    }

    private static RestartPolicy quickly(int intensity) {
        return new RestartPolicy(intensity, Duration.ofMinutes(5), Duration.ofMillis(10), Duration.ofMillis(50));
    }

    private static void awaitStarted(Path directory, long call) {
        try (Board board = Board.open(directory.resolve("board"), true)) {
            TestGroup.await(SECONDS_20, () -> {
                for (int rank = 0; rank < board.workers(); rank++) {
                    if (board.rank(rank).started() < call) {
                        return false;
                    }
                }
                return true;
            });
        }
    }

    private static void restart(CollectiveExecutor executor) {
        try {
            executor.restart();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A group whose processes change, and the check that nothing of any epoch is left. */
    private record Restarted(CollectiveExecutor executor) implements AutoCloseable {

        static Restarted of(int workers, UnaryOperator<CollectiveExecutorBuilder> more) {
            return new Restarted(more.apply(CollectiveExecutor.builder(TestGroup.launcher().build(), workers)
                    .readyTimeout(Duration.ofSeconds(30)).defaultTimeout(SECONDS_20)
                    .stopTimeout(Duration.ofSeconds(1))).start());
        }

        void signal(int rank, Signal signal) {
            try (PidFd process = PidFd.open(ProcessIdentity.of((int) executor.pid(rank)))) {
                process.signal(signal);
            }
        }

        @Override
        public void close() {
            List<Long> pids = new ArrayList<>();
            for (int rank = 0; rank < executor.workers(); rank++) {
                pids.add(executor.pid(rank));
            }
            executor.close();
            assertThat(executor.directory()).doesNotExist();
            assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
        }
    }

    /** Signals do nothing to it. */
    private static final class Undying extends ForwardingHandle {

        Undying(WorkerLauncher.Handle worker) {
            super(worker);
        }

        @Override
        public boolean awaitDeath(long timeoutNanos) {
            return super.awaitDeath(Math.min(timeoutNanos, 10_000_000));
        }

        @Override
        public void terminate() {
            // as a process that does not come out of the kernel
        }

        @Override
        public void kill() {
            // likewise
        }
    }
}
