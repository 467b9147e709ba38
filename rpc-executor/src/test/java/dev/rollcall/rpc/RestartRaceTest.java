package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.Phase;

/** Restarts that do not help, or that something comes between. Ranks on threads. */
class RestartRaceTest {

    private static final Duration SECONDS_20 = Duration.ofSeconds(20);

    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicInteger launches = new AtomicInteger();
    private final List<Ending> workers = new CopyOnWriteArrayList<>();
    private final WorkerLauncher threads = ThreadLauncher.of(TestWorker::new);
    private final WorkerLauncher launcher = spec -> {
        launches.incrementAndGet();
        if (broken.get()) {
            throw new RollcallException("no more memory");
        }
        Ending worker = new Ending(threads.launch(spec));
        workers.add(worker);
        return worker;
    };

    /** A thread cannot be killed: the kernel is made to say so. */
    private static final class Ending extends ForwardingHandle {

        volatile boolean dead;

        Ending(WorkerLauncher.Handle worker) {
            super(worker);
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

    private CollectiveExecutorBuilder builder() {
        return CollectiveExecutor.builder(launcher, 1).defaultTimeout(SECONDS_20);
    }

    private static RestartPolicy thrice() {
        return new RestartPolicy(3, Duration.ofMinutes(5), Duration.ofMillis(1), Duration.ofMillis(2));
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    private static CompletableFuture<Void> restart(CollectiveExecutor group) {
        return CompletableFuture.runAsync(() -> {
            try {
                group.restart();
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        }, task -> Thread.ofPlatform().daemon().start(task));
    }

    /** The storm is one of starts, not of failures: it counts all the same, and whoever waited is told why. */
    @Test
    void shouldGiveUpWhenNoEpochCanBeStarted() {
        try (CollectiveExecutor group = builder().restart(thrice()).start()) {
            CompletableFuture<CallResult> busy = group.call("poll", MemorySegment.NULL);
            CompletableFuture<CallResult> kept = group.call("rank", MemorySegment.NULL);
            broken.set(true);
            workers.getFirst().dead = true;
            TestGroup.await(SECONDS_20, () -> group.state() == State.FAILED);
            assertThat(launches).as("the first, and three restarts").hasValue(4);
            assertThatThrownBy(() -> TestGroup.get(busy)).isInstanceOf(RollcallException.class);
            assertThatThrownBy(() -> TestGroup.get(kept)).hasMessageContaining("could not be restarted")
                    .hasMessageContaining("no more memory").hasMessageContaining("method=rank");
            assertThatThrownBy(() -> TestGroup.get(group.call("rank", MemorySegment.NULL)))
                    .hasMessageContaining("no more memory");

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(group::restart).hasMessageContaining("no more memory");
                assertThat(group.state()).isEqualTo(State.FAILED);
            }
            broken.set(false);
            assertThat(restart(group)).succeedsWithin(SECONDS_20);
            assertThat(TestGroup.get(group.call("rank", MemorySegment.NULL)).workers()).isEqualTo(1);
            assertThat(group.counters().groupFailures()).isEqualTo(1);
            assertThat(group.counters().restarts()).isEqualTo(1);
        }
    }

    /** The second owner has waited for the first, and takes over an epoch that has just failed, too. */
    @Test
    void shouldTellEveryOwnerThatTheNewEpochFailedAtOnce() {
        CountDownLatch told = new CountDownLatch(1);
        AtomicBoolean armed = new AtomicBoolean();
        AtomicReference<Thread> second = new AtomicReference<>();
        GroupListener listener = new GroupListener() {
            @Override
            public void rankStarting(int rank, Phase phase, Duration after) {
                if (armed.get() && phase == Phase.READY) {
                    TestGroup.await(SECONDS_20, () -> second.get() != null && isWaiting(second.get()));
                    workers.getLast().dead = true;
                }
            }

            @Override
            public void failed(Failure failure) {
                told.countDown();
            }
        };
        // whoever starts the collector goes on when it has found the death, and buries behind the second owner
        GroupThreads held = (name, task) -> armed.get() ? new Thread(task, name) {
            @Override
            public void start() {
                super.start();
                if (name.endsWith("collector")) {
                    TestGroup.await(SECONDS_20, () -> told.getCount() == 0);
                } else if (name.endsWith("undertaker")) {
                    TestGroup.await(SECONDS_20, () -> isWaiting(this));
                }
            }
        } : GroupThreads.DAEMONS.newThread(name, task);
        try (CollectiveExecutor group =
                builder().listener(listener).threads(held).method("poll", MethodOptions.defaults().retried()).start()) {
            CompletableFuture<CallResult> kept = group.call("poll", MemorySegment.NULL);
            armed.set(true);
            CompletableFuture<Void> one = restart(group);
            TestGroup.await(SECONDS_20, () -> launches.get() == 2);
            CompletableFuture<Void> two = CompletableFuture.runAsync(() -> {
                try {
                    group.restart();
                } catch (InterruptedException e) {
                    throw new CompletionException(e);
                }
            }, task -> second.set(Thread.ofPlatform().daemon().start(task)));
            assertThat(one).failsWithin(SECONDS_20).withThrowableThat().withCauseInstanceOf(WorkerDiedException.class);
            assertThat(two).failsWithin(SECONDS_20).withThrowableThat().withCauseInstanceOf(WorkerDiedException.class);
            assertThat(group.state()).isEqualTo(State.FAILED);
            assertThat(launches).hasValue(2);
            assertThatThrownBy(() -> TestGroup.get(kept)).as("no epoch will take it")
                    .isInstanceOf(WorkerDiedException.class);
            armed.set(false);
            assertThat(restart(group)).succeedsWithin(SECONDS_20);
            assertThat(TestGroup.get(group.call("rank", MemorySegment.NULL)).workers()).isEqualTo(1);
        }
    }

    /** The new epoch stands, and has been given what was kept, when its owner closes the group: it is not the one he saw. */
    @Test
    void shouldEndKeptCallsWhenTheGroupIsClosedWhileANewEpochBegins() {
        AtomicReference<CollectiveExecutor> closing = new AtomicReference<>();
        GroupThreads closer = (name, task) -> {
            CollectiveExecutor group = closing.get();
            return group == null || !name.endsWith("collector") ? GroupThreads.DAEMONS.newThread(name, task)
                    : new Thread(task, name) {
                        @Override
                        public void start() {
                            super.start();
                            Thread.ofPlatform().daemon().start(group::close);
                            TestGroup.await(SECONDS_20, () -> group.state() == CollectiveExecutor.State.CLOSED);
                        }
                    };
        };
        try (CollectiveExecutor group =
                builder().threads(closer).method("poll", MethodOptions.defaults().retried()).start()) {
            CompletableFuture<CallResult> kept = group.call("poll", MemorySegment.NULL);
            closing.set(group);
            assertThat(restart(group)).failsWithin(SECONDS_20);
            assertThatThrownBy(() -> TestGroup.get(kept)).isInstanceOf(GroupClosedException.class);
        }
    }

    /** One rank has answered, the other is at it: that answer is of another epoch, and counts no more. */
    @Test
    void shouldMakeIdempotentCallsAgainWhenTheirOwnerRestartsTheGroup(@TempDir Path folder) {
        Path file = folder.resolve("gate");
        CallEnd future = new CallEnd();
        CallEnd handler = new CallEnd();
        WorkerLauncher gated = ThreadLauncher.of(GatedWorker::new).argument(GatedWorker.GATE, file.toString());
        MemorySegment round = MemorySegment.ofArray(new long[]{1});
        try (SharedFile gate = SharedFile.create(file, 4096);
                CollectiveExecutor group = CollectiveExecutor.builder(gated, 2).stopTimeout(Duration.ZERO)
                        .defaultTimeout(SECONDS_20).method("wait", MethodOptions.defaults().retried()).start()) {
            GatedWorker.let(gate, 0, 1);
            future.follow(group.call("wait", round));
            handler.follow(group.call("wait", round, CallOptions.allRanks(), handler));
            try (Board board = Board.open(group.directory().resolve("board"), true)) {
                TestGroup.await(SECONDS_20, () -> board.rank(0).replied() == 2 && board.rank(1).started() == 1);
            }
            assertThat(restart(group)).succeedsWithin(SECONDS_20);
            assertThat(future.isTold() || handler.isTold()).isFalse();
            GatedWorker.let(gate, 1, 1);
            assertThat(future.await()).isNull();
            assertThat(handler.await()).isNull();
            assertThat(TestGroup.get(group.call("echo", round)).workers()).isEqualTo(2);
            future.expectToldOnce();
            handler.expectToldOnce();
            assertThat(handler.replies()).isEqualTo(2);
            assertThat(group.counters().retried()).isEqualTo(2);
            assertThat(group.counters().completed()).isEqualTo(3);
        }
    }

    /** Opens when it may. */
    private record Loading(AtomicBoolean slowly) implements Worker {

        @Override
        public void open(WorkerContext context) throws InterruptedException {
            if (slowly.get()) {
                new CountDownLatch(1).await();
            }
        }

        @Override
        public MemorySegment call(CallContext call) {
            return NOTHING;
        }
    }

    @Test
    void shouldLeaveAGroupFailedWhoseRestartIsInterrupted() throws Exception {
        AtomicBoolean slowly = new AtomicBoolean();
        CountDownLatch loading = new CountDownLatch(1);
        GroupListener listener = new GroupListener() {
            @Override
            public void rankStarting(int rank, Phase phase, Duration after) {
                if (slowly.get() && phase == Phase.STARTING) {
                    loading.countDown();
                }
            }
        };
        try (CollectiveExecutor group = CollectiveExecutor.builder(ThreadLauncher.of(() -> new Loading(slowly)), 1)
                .listener(listener).defaultTimeout(SECONDS_20).start()) {
            slowly.set(true);
            AtomicReference<Throwable> said = new AtomicReference<>();
            Thread owner = Thread.ofPlatform().daemon()
                    .start(() -> said.set(catchThrowable(group::restart)));
            TestGroup.await(SECONDS_20, () -> loading.getCount() == 0);
            owner.interrupt();
            assertThat(owner.join(SECONDS_20)).isTrue();
            assertThat(said.get()).isInstanceOf(GroupStartException.class).hasMessageContaining("interrupted");
            assertThat(group.state()).isEqualTo(State.FAILED);
            assertThatThrownBy(() -> TestGroup.get(group.call("rank", MemorySegment.NULL)))
                    .hasMessageContaining("could not be restarted").hasMessageContaining("interrupted");
            slowly.set(false);
            assertThat(restart(group)).succeedsWithin(SECONDS_20);
            assertThat(TestGroup.get(group.call("rank", MemorySegment.NULL)).workers()).isEqualTo(1);
        }
    }

    /** On the one thread that tells users anything: waiting there for a call's future would be for ever. */
    @Test
    void shouldCheckHealthFromAListenerAndFromACompletion() {
        AtomicReference<CollectiveExecutor> started = new AtomicReference<>();
        List<Health> seen = new CopyOnWriteArrayList<>();
        GroupListener listener = new GroupListener() {
            @Override
            public void stateChanged(State from, State to) {
                if (from == State.RESTARTING) {
                    seen.add(started.get().checkHealth(SECONDS_20));
                }
            }
        };
        try (CollectiveExecutor group = builder().listener(listener).start()) {
            started.set(group);
            assertThat(restart(group)).succeedsWithin(SECONDS_20);
            TestGroup.await(SECONDS_20, () -> !seen.isEmpty());
            assertThat(seen.getFirst().isWell()).as("%s", seen).isTrue();
            Health after = TestGroup.get(group.call("rank", MemorySegment.NULL)
                    .thenApply(result -> group.checkHealth(SECONDS_20)));
            assertThat(after.isWell()).as("%s", after).isTrue();
        }
        Health closed = started.get().checkHealth(SECONDS_20);
        assertThat(closed.isWell()).isFalse();
        assertThat(closed.reason()).isEqualTo("group is CLOSED");
        assertThat(closed.silent()).containsExactly(0);
    }

    /** Its own thread would have to turn the collector, and is in here. */
    @Test
    @Tag("stress")
    void shouldNotWaitForEverForTheHealthOfAGroupThatNobodyDrives() {
        try (CollectiveExecutor group = builder().invoked().drainTimeout(Duration.ZERO).start()) {
            Health health = group.checkHealth(Duration.ofMillis(50));
            assertThat(health.isWell()).isFalse();
            assertThat(health.reason()).contains("collector does not turn");
            assertThat(health.silent()).containsExactly(0);
        }
    }

    @Test
    void shouldReturnFromCloseOnlyWhenNothingIsLeft() throws Exception {
        CollectiveExecutor group = builder().start();
        List<Boolean> left = new CopyOnWriteArrayList<>();
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(Thread.ofPlatform().daemon().start(() -> {
                group.close();
                left.add(group.directory().toFile().exists() || !workers.getFirst().isDead());
            }));
        }
        for (Thread closer : closers) {
            assertThat(closer.join(SECONDS_20)).isTrue();
        }
        assertThat(left).hasSize(4).containsOnly(false);
    }
}
