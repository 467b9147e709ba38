package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Test;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.WaitStrategy;

/** Either side waits the way its owner chose. */
class WaitingTest {

    @Test
    void shouldSleepInTheLoopThatDrivesTheCollector() {
        try (TestGroup group = TestGroup.of(2, builder -> builder.invoked().completeOn(Runnable::run))) {
            IdleStrategy idle = group.executor.invokerIdle(WaitStrategy.adaptive());
            drive(group.executor, idle, group.executor.call("rank", MemorySegment.NULL));
            int turns = drive(group.executor, idle, group.executor.call("sleep", TestWorker.text("300")));
            assertThat(turns).as("turns of the loop in 300 ms").isLessThan(300);
        }
    }

    /** How often it was driven until the call had ended. */
    private static int drive(CollectiveExecutor group, IdleStrategy idle, CompletableFuture<CallResult> call) {
        int turns = 0;
        for (long start = System.nanoTime(); !call.isDone(); turns++) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TestGroup.SECONDS_10);
            idle.idle(group.invoker().invoke());
        }
        return turns;
    }

    @Test
    void shouldKeepIdlingAcrossRestartAndClose() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger turns = new AtomicInteger();
        CollectiveExecutor group = CollectiveExecutor.builder(TestGroup.launcher().build(), 1).invoked().start();
        Thread loop;
        try (group) {
            IdleStrategy idle = group.invokerIdle(WaitStrategy.sleeping());
            loop = Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    idle.idle(group.invoker().invoke());
                    turns.incrementAndGet();
                }
            });
            TestGroup.get(group.call("rank", MemorySegment.NULL));
            group.restart();
            TestGroup.get(group.call("rank", MemorySegment.NULL));
        }
        int closed = turns.get();
        TestGroup.await(TestGroup.SECONDS_10, () -> turns.get() > closed + 1);
        over.set(true);
        assertThat(loop.join(TestGroup.SECONDS_10)).isTrue();
    }

    /** As the README lists them; an embedder who counts threads counts on it. */
    @Test
    void shouldHaveNoThreadsButThoseTheReadmeLists() {
        assertThat(threads(true, builder -> builder.invoked().completeOn(Runnable::run)))
                .containsExactly("out-0", "out-1", "pulse");
        assertThat(threads(false, builder -> builder.idleStrategy(new SleepingMillisIdleStrategy(1))))
                .containsExactly("collector", "completion", "out-0", "out-1", "pulse");
    }

    @Test
    void shouldIdleAndMakeThreadsAsItsOwnerSays() {
        String name = GroupDirectory.newName();
        String role = "rollcall-" + name + "-";
        Set<Thread> idled = ConcurrentHashMap.newKeySet();
        IdleStrategy idle = new IdleStrategy() {
            @Override
            public void idle(int workCount) {
                idled.add(Thread.currentThread());
                if (workCount == 0) {
                    idle();
                }
            }

            @Override
            public void idle() {
                LockSupport.parkNanos(1_000_000);
            }

            @Override
            public void reset() {
                // keeps nothing
            }
        };
        Map<String, Thread> made = new ConcurrentHashMap<>();
        GroupThreads threads = (asked, task) -> {
            Thread thread = Thread.ofPlatform().daemon().name(asked).unstarted(task);
            made.put(asked, thread);
            return thread;
        };
        try (TestGroup group = TestGroup.of(1, builder -> builder.group(name).threads(threads).idleStrategy(idle))) {
            AtomicReference<Thread> completed = new AtomicReference<>();
            TestGroup.get(group.executor.call("sleep", TestWorker.text("50"))
                    .thenAccept(result -> completed.set(Thread.currentThread())));
            assertThat(made).containsOnlyKeys(role + "collector", role + "pulse", role + "completion",
                    role + "shutdown");
            assertThat(idled).containsExactly(made.get(role + "collector"));
            assertThat(completed.get()).isSameAs(made.get(role + "completion"));
        }
        CollectiveExecutorBuilder invoked = CollectiveExecutor.builder(TestGroup.launcher().build(), 1).invoked();
        assertThatIllegalArgumentException().isThrownBy(() -> invoked.idleStrategy(idle).start())
                .withMessageContaining("idleStrategy=");
    }

    /** What a group of two adds to this process while it works, without the JVM's own. */
    private static List<String> threads(boolean invoked, UnaryOperator<CollectiveExecutorBuilder> more) {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (TestGroup group = TestGroup.of(2, more)) {
            CompletableFuture<CallResult> call = group.executor.call("rank", MemorySegment.NULL);
            TestGroup.await(TestGroup.SECONDS_10, () -> {
                if (invoked) {
                    group.executor.invoker().invoke();
                }
                return call.isDone();
            });
            return Thread.getAllStackTraces().keySet().stream().filter(thread -> !before.contains(thread))
                    .map(Thread::getName).filter(name -> !name.startsWith("process reaper"))
                    .map(name -> name.replaceFirst("rollcall-[0-9a-f]+-", "")).sorted().toList();
        }
    }

    /** The completion runs inside the wait that is to be ended. */
    @Test
    void shouldLetACompletionCloseTheGroupWhileIdling() {
        CollectiveExecutor group = CollectiveExecutor.builder(TestGroup.launcher().build(), 1).invoked()
                .completeOn(Runnable::run).drainTimeout(Duration.ZERO).start();
        try (group) {
            IdleStrategy idle = group.invokerIdle(WaitStrategy.adaptive());
            drive(group, idle, group.call("rank", MemorySegment.NULL));
            CompletableFuture<CallResult> last = group.call("sleep", TestWorker.text("50"));
            CompletableFuture<Void> closed = last.thenRun(group::close);
            drive(group, idle, last);
            assertThat(closed).isCompleted();
        }
    }

    @Test
    void shouldIdleOnlyForAnInvokedGroup() {
        try (CollectiveExecutor group = CollectiveExecutor.builder(ThreadLauncher.of(TestWorker::new), 1).start()) {
            assertThatIllegalStateException().isThrownBy(() -> group.invokerIdle(WaitStrategy.adaptive()));
        }
    }

    /** Counts its loop's waits. */
    private record Patient(AtomicInteger waits) implements Worker {

        @Override
        public void open(WorkerContext context) {
            context.waiting((cell, ready, timeoutNanos) -> {
                waits.incrementAndGet();
                return cell.awaitAsleep(ready, timeoutNanos);
            });
        }

        @Override
        public MemorySegment call(CallContext call) {
            return NOTHING;
        }
    }

    @Test
    void shouldWaitForCallsAsTheWorkerSays() {
        AtomicInteger waits = new AtomicInteger();
        try (CollectiveExecutor group =
                CollectiveExecutor.builder(ThreadLauncher.of(() -> new Patient(waits)), 1).start()) {
            TestGroup.await(TestGroup.SECONDS_10, () -> waits.get() > 0);
            assertThat(TestGroup.get(group.call("any", MemorySegment.NULL)).workers()).isEqualTo(1);
        }
    }
}
