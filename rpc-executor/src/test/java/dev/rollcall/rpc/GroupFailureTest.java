package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import dev.rollcall.shm.RingObserver;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.Signal;

class GroupFailureTest {

    private static final long SECOND = 1_000_000_000L;

    private final List<GroupListener.Failure> failures = new CopyOnWriteArrayList<>();
    private final GroupListener listener = new GroupListener() {
        @Override
        public void failed(Failure failure) {
            failures.add(failure);
        }
    };

    @Test
    void shouldFailCallsOfAKilledWorkerAtOnce() {
        try (TestGroup group = TestGroup.of(3, builder -> builder.listener(listener))) {
            CompletableFuture<CallResult> first = group.executor.call("sleep", TestWorker.text("5000"));
            CompletableFuture<CallResult> second = group.executor.call("rank", TestWorker.text(""));
            group.processes.get(1).signal(Signal.KILL);

            WorkerDiedException error = catchThrowableOfType(WorkerDiedException.class, () -> TestGroup.get(first));
            assertThat(error.rank()).isEqualTo(1);
            assertThat(error.exit()).hasToString("signal=9 (SIGKILL)");
            assertThat(error.lastOutput()).contains("worker opened rank=1");
            assertThatThrownBy(() -> TestGroup.get(second)).isInstanceOf(WorkerDiedException.class);
            assertThatThrownBy(() -> group.call("rank", "")).isInstanceOf(WorkerDiedException.class);

            TestGroup.await(TestGroup.SECONDS_10, () -> group.processes.stream().allMatch(PidFd::isDead));
            assertThat(group.executor.state()).isEqualTo(CollectiveExecutor.State.FAILED);
            TestGroup.await(TestGroup.SECONDS_10, () -> !failures.isEmpty());
            assertThat(failures).hasSize(1);
            assertThat(failures.getFirst().callsFailed()).isEqualTo(2);
            assertThat(failures.getFirst().failedNanos()).isGreaterThanOrEqualTo(failures.getFirst().noticedNanos());
        }
    }

    /** A busy machine may delay an attempt; each of eight would be our own doing. */
    @Test
    void shouldNoticeDeathsWithin50MillisecondsAndFailCallsBeforeItEndsTheOthers() {
        List<Long> noticed = new ArrayList<>();
        List<Long> failed = new ArrayList<>();
        do {
            failures.clear();
            killTwo(noticed, failed);
        } while (noticed.size() < 8
                && (Collections.min(noticed) >= 50_000_000L || Collections.min(failed) >= 300_000_000L));
        System.out.println("from death to noticed " + noticed + " ns, from SIGKILL to failed call " + failed + " ns");
        assertThat(Collections.min(noticed)).as("from a death to notice").isLessThan(50_000_000L);
        assertThat(Collections.min(failed)).as("from SIGKILL to the failed call").isLessThan(300_000_000L);
    }

    /** Two of three at once; adds how long it took to see that, and until the call in flight had failed. */
    private void killTwo(List<Long> noticed, List<Long> failed) {
        ProcessLauncher processes = TestGroup.launcher().build();
        List<Long> signals = new CopyOnWriteArrayList<>();
        WorkerLauncher launcher = spec -> new ForwardingHandle(processes.launch(spec)) {
            @Override
            public void terminate() {
                signals.add(System.nanoTime());
                super.terminate();
            }
        };
        try (TestGroup group = TestGroup.of(launcher, 3, builder -> builder.listener(listener))) {
            CompletableFuture<CallResult> call = group.executor.call("sleep", TestWorker.text("5000"));
            CompletableFuture<Long> death = CompletableFuture.supplyAsync(() -> {
                assertThat(group.processes.get(1).awaitDeath(TestGroup.SECONDS_10.toNanos())).isTrue();
                return System.nanoTime();
            }, task -> Thread.ofPlatform().start(task));
            long start = System.nanoTime();
            group.processes.get(1).signal(Signal.KILL);
            group.processes.get(2).signal(Signal.KILL);
            assertThatThrownBy(() -> TestGroup.get(call)).isInstanceOf(WorkerDiedException.class);
            failed.add(System.nanoTime() - start);
            TestGroup.await(TestGroup.SECONDS_10, () -> !failures.isEmpty() && !signals.isEmpty());
            noticed.add(failures.getFirst().noticedNanos() - death.join());
            assertThat(failures.getFirst().failedNanos()).as("calls first").isLessThanOrEqualTo(signals.getFirst());
            assertThat(failures.getFirst().callsFailed()).isEqualTo(1);
        }
        assertThat(failures).as("one failure, however many died of it").hasSize(1);
    }

    @Test
    void shouldReportExitStatusAndLastWords() {
        try (TestGroup group = TestGroup.of(2)) {
            WorkerDiedException error =
                    catchThrowableOfType(WorkerDiedException.class, () -> group.call("fail", "0 exit"));
            assertThat(error.exit()).isEqualTo(new WorkerLauncher.Exit(3));
            assertThat(error.lastOutput()).last().isEqualTo("goodbye");
        }
    }

    @Test
    void shouldReplyThenEndWhenMemoryIsExhausted() {
        try (TestGroup group = TestGroup.of(2)) {
            assertThatThrownBy(() -> group.call("fail", "1 memory", CallOptions.fromRank(0)))
                    .isInstanceOf(RemoteCallException.class).hasMessageContaining("OutOfMemoryError");
            TestGroup.await(TestGroup.SECONDS_10, () -> group.executor.state() == CollectiveExecutor.State.FAILED);
            FatalErrorException error =
                    catchThrowableOfType(FatalErrorException.class, () -> group.call("rank", ""));
            assertThat(error.rank()).isEqualTo(1);
            assertThat(error).hasMessageContaining("OutOfMemoryError");
        }
    }

    @Test
    void shouldFailCallsWithTheVerdictThenWaitForEvidenceThenKill() {
        List<Long> failed = new ArrayList<>();
        List<Long> dead = new ArrayList<>();
        do {
            failures.clear();
            convict(failed, dead);
        } while (failed.size() < 3 && (failed.getLast() >= SECOND || dead.getLast() >= SECOND));
        assertThat(failed).last(InstanceOfAssertFactories.LONG).as("from verdict to failed calls").isLessThan(SECOND);
        assertThat(dead).last(InstanceOfAssertFactories.LONG).as("from saved evidence to the end").isLessThan(SECOND);
    }

    /** Adds how long it took from the verdict to the failed call, and from the evidence to the end of the processes. */
    private void convict(List<Long> failed, List<Long> dead) {
        try (TestGroup group = TestGroup.of(3, builder -> builder.listener(listener));
                Board board = Board.open(group.directory.resolve("board"), false);
                BoardWatchdog watchdog = board.asWatchdog(true)) {
            CompletableFuture<CallResult> call = group.executor.call("sleep", TestWorker.text("8000"));
            group.stop(2);
            long start = System.nanoTime();
            long sequence = watchdog
                    .verdict(new Verdict(0, Tier.ACT, HangKind.STOPPED, 2, 1, 0.99, 0b011, "state T twice", ""));

            WorkerHungException error = catchThrowableOfType(WorkerHungException.class, () -> TestGroup.get(call));
            failed.add(System.nanoTime() - start);
            assertThat(error.verdict().rank()).isEqualTo(2);
            assertThat(error.verdict().kind()).isEqualTo(HangKind.STOPPED);
            assertThat(error).hasMessageContaining("rank=2").hasMessageContaining("state T twice");

            assertThat(group.processes.get(0).awaitDeath(300_000_000)).as("killed before the evidence was saved")
                    .isFalse();
            watchdog.sealed(sequence, "somewhere");
            long sealed = System.nanoTime();
            TestGroup.await(TestGroup.SECONDS_10, () -> group.processes.stream().allMatch(PidFd::isDead));
            dead.add(System.nanoTime() - sealed);
            TestGroup.await(TestGroup.SECONDS_10, () -> !failures.isEmpty());
            assertThat(failures).hasSize(1);
        }
    }

    /** Half of it is in the ring, and ranks that are to be looked at will not read the rest. */
    @Test
    void shouldNotKeepTheCallerOfALongCallWhileEvidenceIsSaved() {
        try (TestGroup group = TestGroup.of(2,
                builder -> builder.rings(1 << 16, 1 << 16).evidenceTimeout(Duration.ofSeconds(20)));
                Board board = Board.open(group.directory.resolve("board"), false);
                RingObserver ring = RingObserver.open(group.directory.resolve("requests"));
                BoardWatchdog watchdog = board.asWatchdog(true)) {
            CompletableFuture<CallResult> busy = group.executor.call("sleep", TestWorker.text("30000"));
            long before = ring.status().tail();
            CompletableFuture<CallResult> sending = CompletableFuture.supplyAsync(
                    () -> group.call("echo", "p".repeat(200_000)), task -> Thread.ofPlatform().start(task));
            TestGroup.await(TestGroup.SECONDS_10, () -> ring.status().tail() > before);
            group.processes.get(1).signal(Signal.KILL);
            assertThatThrownBy(() -> TestGroup.get(sending)).isInstanceOf(WorkerDiedException.class);
            assertThatThrownBy(() -> TestGroup.get(busy)).isInstanceOf(WorkerDiedException.class);
            assertThat(group.processes.get(0).isDead()).as("nobody has looked at it yet").isFalse();
            watchdog.sealed(watchdog.verdict(new Verdict(0, Tier.ACT, HangKind.DEAD, 1, 1, 1, 0b01, "dead", "")), "");
        }
    }

    @Test
    void shouldNotWaitForEverForEvidence() {
        try (TestGroup group = TestGroup.of(2, builder -> builder.evidenceTimeout(Duration.ofMillis(200)));
                Board board = Board.open(group.directory.resolve("board"), false);
                BoardWatchdog watchdog = board.asWatchdog(true)) {
            watchdog.verdict(new Verdict(0, Tier.ACT, HangKind.BLOCKED, 0, 1, 0.9, 0b10, "no reason", ""));
            TestGroup.await(TestGroup.SECONDS_10, () -> group.processes.stream().allMatch(PidFd::isDead));
        }
    }

    @Test
    void shouldServeStacksWhileTheLoopIsStuck() {
        try (TestGroup group = TestGroup.of(2,
                builder -> builder.drainTimeout(Duration.ZERO).stopTimeout(Duration.ZERO));
                Board board = Board.open(group.directory.resolve("board"), false);
                BoardWatchdog watchdog = board.asWatchdog(false)) {
            CompletableFuture<CallResult> call = group.executor.call("sleep", TestWorker.text("8000"));
            TestGroup.await(TestGroup.SECONDS_10, () -> board.rank(1).started() == 1);
            long request = watchdog.requestStacks();
            TestGroup.await(TestGroup.SECONDS_10, () -> board.stack(1, request) != null);
            assertThat(board.stack(1, request)).startsWith("\"rollcall-loop-1\" loop").contains("TestWorker.sleep");
            assertThat(call).isNotDone();
        }
    }
}
