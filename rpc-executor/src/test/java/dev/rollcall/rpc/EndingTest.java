package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;

/** What is seen from outside, and what is left, when workers are ended or do not get that far. */
class EndingTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    private final List<Phase> phases = new CopyOnWriteArrayList<>();
    private final List<PidFd> processes = new CopyOnWriteArrayList<>();

    @Test
    void shouldNotBeAtWorkWhenAnAbandonedStartEndsItsWorkers() {
        ProcessLauncher hanging = TestGroup.launcher().argument("openFault", "hang").argument("faultRank", "1").build();
        CollectiveExecutorBuilder builder =
                CollectiveExecutor.builder(watched(hanging, "terminate", this::notePhase), 2)
                        .readyTimeout(Duration.ofSeconds(2));
        assertThatThrownBy(builder::start).isInstanceOf(GroupStartException.class);
        assertThat(phases).hasSize(2).containsOnly(Phase.CLOSED);
    }

    @Test
    void shouldNotBeAtWorkWhenClosingEndsStuckWorkers() {
        closeStuck(builder -> builder.drainTimeout(SHORT).stopTimeout(SHORT), "terminate");
        assertThat(phases).hasSize(2).containsOnly(Phase.CLOSED);
    }

    /** Nobody ticks while an invoked group waits for its workers, so it must not look as if somebody should. */
    @Test
    void shouldNotBeAtWorkWhileAnInvokedGroupWaitsForItsWorkers() {
        closeStuck(builder -> builder.drainTimeout(SHORT).stopTimeout(SHORT).invoked(), "awaitDeath");
        assertThat(phases).isNotEmpty().containsOnly(Phase.CLOSED);
    }

    private void closeStuck(UnaryOperator<CollectiveExecutorBuilder> more, String method) {
        CollectiveExecutor executor = more.apply(
                CollectiveExecutor.builder(watched(TestGroup.launcher().build(), method, this::notePhase), 2)).start();
        CompletableFuture<CallResult> stuck = executor.call("sleep", TestWorker.text("30000"));
        executor.close();
        assertThatThrownBy(() -> TestGroup.get(stuck)).isInstanceOf(GroupClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveNothingWhenAHandleCannotBeClosed(boolean failedStart) {
        String name = GroupDirectory.newName();
        ProcessLauncher.Builder launcher = TestGroup.launcher();
        if (failedStart) {
            launcher.argument("openFault", "throw").argument("faultRank", "1");
        }
        CollectiveExecutorBuilder builder = CollectiveExecutor.builder(watched(launcher.build(), "close", spec -> {
            throw new IllegalStateException("folder stays");
        }), 2).group(name);
        if (failedStart) {
            GroupStartException error = catchThrowableOfType(GroupStartException.class, builder::start);
            assertThat(error).hasMessageContaining("no such model");
            assertThat(error.getSuppressed()).hasSize(2).allMatch(more -> "folder stays".equals(more.getMessage()));
        } else {
            builder.start().close();
        }
        assertThat(GroupDirectory.root().resolve(name + "-1")).doesNotExist();
        assertThat(processes).hasSize(2).allMatch(PidFd::isDead);
        processes.forEach(PidFd::close);
    }

    @Test
    void shouldLeaveNothingWhenThreadsCannotBeMade() {
        for (String role : List.of("pulse", "collector", "shutdown")) {
            String name = GroupDirectory.newName();
            GroupThreads threads = (thread, task) -> {
                if (thread.endsWith(role)) {
                    throw new IllegalStateException("no thread for " + role);
                }
                return GroupThreads.DAEMONS.newThread(thread, task);
            };
            CollectiveExecutorBuilder builder = CollectiveExecutor
                    .builder(watched(TestGroup.launcher().build(), "none", this::notePhase), 1).group(name)
                    .threads(threads);
            assertThatThrownBy(builder::start).hasMessage("no thread for " + role);
            assertThat(GroupDirectory.root().resolve(name + "-1")).doesNotExist();
        }
        assertThat(processes).hasSize(1).allMatch(PidFd::isDead);
        processes.forEach(PidFd::close);
    }

    @Test
    void shouldDrainAnInvokedGroupFromAnotherThreadAndWhenInterrupted() throws InterruptedException {
        CollectiveExecutor executor = CollectiveExecutor.builder(TestGroup.launcher().build(), 2).invoked().start();
        Path directory = executor.directory();
        Thread.currentThread().interrupt();
        executor.invoker().invoke(); // ends Agrona's invoker
        assertThat(Thread.interrupted()).isTrue();
        CompletableFuture<CallResult> call = executor.call("rank", TestWorker.text(""));
        Thread closer = Thread.ofPlatform().start(executor::close);
        assertThat(closer.join(Duration.ofSeconds(20))).isTrue();
        assertThat(call).isCompleted();
        assertThat(Files.exists(directory)).isFalse();
    }

    @Test
    void shouldSleepOnWhenTheCollectorIsBroken() throws InterruptedException {
        try (GroupFiles files = new GroupFiles(GroupDirectory.newName(), 1, 1,
                new GroupSettings.Sizes(1 << 16, 1 << 16, 1 << 16, 1))) {
            CompletableFuture<Void> never = new CompletableFuture<>();
            CallEnds ends = new CallEnds(new CallCounters("group"),
                    Completions.of(Runnable::run, GroupThreads.DAEMONS, ""));
            CallRegistry registry = new CallRegistry(files.marks, ends);
            RequestSender sender =
                    new RequestSender(files.requests, files.board, files.marks, registry, new GroupStatus(), 1);
            Collector collector = new Collector("collector", files.board, files.marks, files.ports, List.of(), registry,
                    sender, (cause, noticed) -> never.complete(null));
            PendingCall call = new FutureCall<>(new MethodCalls("group", "rank"), CallOptions.allRanks(),
                    MethodOptions.defaults(), 0,
                    Duration.ofSeconds(2).toNanos(), 1, result -> result);
            files.ports.forEach(port -> port.sink(collector));
            collector.arrived(call);
            collector.doWork();
            collector.breakDown(new IllegalStateException("bug"));
            TestGroup.await(TestGroup.SECONDS_10, () -> call.deadlineNanos() - System.nanoTime() < -10_000_000);
            assertThat(never).isDone();
            assertThat(collector.idleNanos()).isEqualTo(Collector.LOOK_NANOS);
            collector.stayAwake();
            assertThat(collector.idleNanos()).isZero();
        }
    }

    private void notePhase(WorkerLauncher.Spec spec) {
        try (Board board = Board.open(spec.directory().boardFile(), true)) {
            phases.add(board.driver().phase());
        }
    }

    /** Does something before, or after a close, of one method of its handles. */
    private WorkerLauncher watched(ProcessLauncher launcher, String method, Consumer<WorkerLauncher.Spec> look) {
        return spec -> {
            WorkerLauncher.Handle worker = launcher.launch(spec);
            processes.add(PidFd.open(ProcessIdentity.of((int) worker.pid())));
            return (WorkerLauncher.Handle) Proxy.newProxyInstance(EndingTest.class.getClassLoader(),
                    new Class<?>[]{WorkerLauncher.Handle.class}, (proxy, called, arguments) -> {
                        boolean last = called.getName().equals("close");
                        if (called.getName().equals(method) && !last) {
                            look.accept(spec);
                        }
                        try {
                            return called.invoke(worker, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        } finally {
                            if (last && method.equals("close")) {
                                look.accept(spec);
                            }
                        }
                    });
        };
    }
}
