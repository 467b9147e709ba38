package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;

/** What every launcher's workers do, whatever they are made of. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LauncherContract {

    private static final Duration SECONDS_20 = Duration.ofSeconds(20);
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private CollectiveExecutor shared;

    /** Its workers know the methods of {@link TestWorker}; the one of faultRank, if that is not negative, cannot open. */
    abstract WorkerLauncher launcher(int faultRank);

    /** Whether a worker that does not come back can be ended. */
    abstract boolean canKill();

    @BeforeAll
    void start() {
        shared = builder(launcher(-1), 3).start();
    }

    @AfterAll
    void stop() {
        shared.close();
        assertThat(shared.directory()).doesNotExist();
    }

    private static CollectiveExecutorBuilder builder(WorkerLauncher launcher, int workers) {
        return CollectiveExecutor.builder(launcher, workers).readyTimeout(Duration.ofSeconds(30))
                .defaultTimeout(SECONDS_20).method("failFatally", MethodOptions.defaults().fatal());
    }

    private static CallResult call(CollectiveExecutor group, String method, String arguments, CallOptions options) {
        return TestGroup.get(group.call(method, TestWorker.text(arguments), options));
    }

    private CallResult call(String method, String arguments) {
        return call(shared, method, arguments, CallOptions.allRanks());
    }

    @Test
    void shouldAnswerFromEveryRankAndFromOne() {
        CallResult all = call("rank", "");
        for (int rank = 0; rank < 3; rank++) {
            assertThat(TestWorker.text(all.reply(rank))).isEqualTo(Integer.toString(rank));
        }
        CallResult one = call(shared, "rank", "", CallOptions.fromRank(2));
        assertThat(TestWorker.text(one.reply(2))).isEqualTo("2");
        assertThat(one.has(0)).isFalse();
        assertThat(call("nothing", "").reply(1).byteSize()).isZero();
    }

    @Test
    void shouldShowTheHandlerAllThatTheFrameCarries() {
        CallOptions options = CallOptions.fromRank(1).inClass("prefill").expecting(Duration.ofMillis(5)).traced(TRACE)
                .within(Duration.ofSeconds(9));
        assertThat(TestWorker.text(call(shared, "class", "", options).reply(1))).isEqualTo("prefill");
        assertThat(TestWorker.text(call(shared, "trace", "", options).reply(1))).isEqualTo(TRACE + "|");
        assertThat(TestWorker.text(call(shared, "expected", "", options).reply(1))).isEqualTo("5000000");
        assertThat(Long.parseLong(TestWorker.text(call(shared, "remaining", "", options).reply(1))))
                .isBetween(1_000_000_000L, 9_000_000_000L);
    }

    @Test
    void shouldCarryArgumentsOfAnySizeManyAtATime() {
        List<CompletableFuture<CallResult>> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            calls.add(shared.call("echo", TestWorker.text("x".repeat(i * 37))));
        }
        for (int i = 0; i < 300; i++) {
            assertThat(TestGroup.get(calls.get(i)).reply(i % 3).byteSize()).isEqualTo(i * 37L);
        }
        // longer than either ring, so in parts both ways
        byte[] bytes = new byte[5 << 20];
        new Random(5).nextBytes(bytes);
        CallResult parts = TestGroup.get(shared.call("echo", MemorySegment.ofArray(bytes)));
        for (int rank = 0; rank < 3; rank++) {
            assertThat(parts.reply(rank).mismatch(MemorySegment.ofArray(bytes))).as("rank %s", rank).isEqualTo(-1);
        }
    }

    @Test
    void shouldReportWhatAHandlerThrewWithItsRank() {
        RemoteCallException error = catchThrowableOfType(RemoteCallException.class,
                () -> call(shared, "fail", "2 exception", CallOptions.fromRank(0)));
        assertThat(error.rank()).isEqualTo(2);
        assertThat(error.remoteMessage()).isEqualTo("disk on fire");
        assertThat(error.remoteStack()).contains("fail");
        assertThatThrownBy(() -> call("dance", "")).isInstanceOf(RemoteCallException.class)
                .hasMessageContaining("UnknownMethod").hasMessageContaining("dance");
    }

    @Test
    void shouldEndBusyHandlersWhenTheCallIsCancelled() {
        CompletableFuture<CallResult> busy = shared.call("poll", MemorySegment.NULL);
        TestGroup.await(SECONDS_20, () -> allInCall(shared));
        assertThat(busy.cancel(true)).isTrue();
        String seen = TestWorker.text(call("cancels", "").reply(1));
        assertThatThrownBy(() -> call(shared, "poll", "", CallOptions.allRanks().within(Duration.ofMillis(50))))
                .isInstanceOf(CallTimeoutException.class);
        assertThat(Long.parseLong(TestWorker.text(call("cancels", "").reply(1)))).isGreaterThan(Long.parseLong(seen));
    }

    private static boolean allInCall(CollectiveExecutor group) {
        try (Board board = Board.open(group.directory().resolve("board"), true)) {
            for (int rank = 0; rank < board.workers(); rank++) {
                if (board.rank(rank).started() <= board.rank(rank).finished()) {
                    return false;
                }
            }
            return true;
        }
    }

    @Test
    void shouldMarkItsStepsOnTheBoard() {
        long id = call("rank", "").callId();
        try (Board board = Board.open(shared.directory().resolve("board"), true)) {
            TestGroup.await(SECONDS_20, () -> board.rank(1).replied() >= id);
            RankStatus before = board.rank(1);
            assertThat(before.phase()).isEqualTo(Phase.READY);
            assertThat(before.process()).isNotNull();
            assertThat(before.process().isAlive()).isTrue();
            assertThat(before.process().pid()).isEqualTo((int) shared.pid(1));
            assertThat(before.loopThreadId()).isPositive();
            assertThat(before.received()).isGreaterThanOrEqualTo(id);
            assertThat(before.finished()).isGreaterThanOrEqualTo(id);
            TestGroup.await(SECONDS_20, () -> board.rank(1).loopTicks() >= before.loopTicks() + 2
                    && board.rank(1).pulses() >= before.pulses() + 2);
            assertThat(board.rank(1).pulseThreadId()).isPositive().isNotEqualTo(before.loopThreadId());
        }
    }

    @Test
    void shouldAnswerPings() {
        assertThat(shared.checkHealth(SECONDS_20).isWell()).isTrue();
    }

    @Test
    void shouldReportTheRankThatCannotStartAndLeaveNothing() {
        String name = GroupDirectory.newName();
        GroupStartException error = catchThrowableOfType(GroupStartException.class,
                () -> builder(launcher(1), 2).group(name).start().close());
        assertThat(error.ranks()).singleElement().satisfies(rank -> {
            assertThat(rank.rank()).isEqualTo(1);
            assertThat(rank.reason()).contains("no such model");
            assertThat(rank.exit()).isEqualTo(new WorkerLauncher.Exit(WorkerProcess.EXIT_START));
        });
        assertThat(Files.exists(GroupDirectory.root().resolve(name + "-1"))).isFalse();
    }

    @Test
    void shouldTakeTheGroupDownAfterAFatalErrorRepliesFirst() {
        try (CollectiveExecutor group = builder(launcher(-1), 2).start()) {
            CompletableFuture<CallResult> before = group.call("rank", MemorySegment.NULL);
            CompletableFuture<CallResult> fatal =
                    group.call("failFatally", TestWorker.text("1 exception"), CallOptions.fromRank(0));
            CompletableFuture<CallResult> behind = group.call("rank", MemorySegment.NULL);
            assertThat(TestGroup.get(before).workers()).isEqualTo(2);
            assertThatThrownBy(() -> TestGroup.get(fatal)).isInstanceOf(RemoteCallException.class)
                    .hasMessageContaining("rank=1").hasMessageContaining("disk on fire");
            FatalErrorException error =
                    catchThrowableOfType(FatalErrorException.class, () -> TestGroup.get(behind));
            assertThat(error.rank()).isEqualTo(1);
            assertThat(error).hasMessageContaining("method=failFatally").isInstanceOf(RetryableFailure.class);
            assertThat(group.state()).isEqualTo(State.FAILED);
        }
    }

    @Test
    void shouldServeTheNextEpoch() throws Exception {
        try (CollectiveExecutor group = builder(launcher(-1), 2).start()) {
            Path first = group.directory();
            call(group, "rank", "", CallOptions.allRanks());
            group.restart();
            assertThat(call(group, "echo", "again", CallOptions.fromRank(1)).callId()).isEqualTo(1);
            assertThat(group.directory()).isNotEqualTo(first);
            assertThat(first).doesNotExist();
        }
    }

    @Test
    void shouldBeConvictedWhenItHangs() {
        try (CollectiveExecutor group = builder(launcher(-1), 2).evidenceTimeout(Duration.ZERO).start();
                Board board = Board.open(group.directory().resolve("board"), false);
                BoardWatchdog watchdog = board.asWatchdog(true)) {
            CompletableFuture<CallResult> call = group.call("sleep", TestWorker.text(canKill() ? "60000" : "1500"));
            TestGroup.await(SECONDS_20, () -> allInCall(group));
            RankStatus stuck = board.rank(1);
            assertThat(stuck.method()).isEqualTo("sleep");
            TestGroup.await(SECONDS_20, () -> board.rank(1).pulses() >= stuck.pulses() + 2);
            assertThat(board.rank(1).loopTicks()).as("the loop is silent, the pulse is not")
                    .isEqualTo(stuck.loopTicks());
            long request = watchdog.requestStacks();
            TestGroup.await(SECONDS_20, () -> board.stack(1, request) != null);
            assertThat(board.stack(1, request)).contains("sleep");
            watchdog.verdict(new Verdict(0, Tier.ACT, HangKind.BLOCKED, 1, 1, 0.9, 0b01, "silent loop", ""));
            assertThatThrownBy(() -> TestGroup.get(call)).isInstanceOf(WorkerHungException.class)
                    .hasMessageContaining("rank=1");
        }
    }
}
