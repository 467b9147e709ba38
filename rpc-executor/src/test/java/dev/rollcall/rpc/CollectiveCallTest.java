package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.rollcall.shm.board.Board;

class CollectiveCallTest {

    private static TestGroup group;

    @BeforeAll
    static void start() {
        group = TestGroup.of(4, builder -> builder.maxMessage(8 << 20));
    }

    @AfterAll
    static void stop() {
        group.close();
    }

    @Test
    void shouldGatherRepliesOfAllRanks() {
        CallResult result = group.call("rank", "");
        for (int rank = 0; rank < 4; rank++) {
            assertThat(TestWorker.text(result.reply(rank))).isEqualTo(Integer.toString(rank));
        }
    }

    @Test
    void shouldReplyFromOneRank() {
        CallResult result = group.call("rank", "", CallOptions.fromRank(2));
        assertThat(TestWorker.text(result.reply(2))).isEqualTo("2");
        assertThat(result.has(1)).isFalse();
        assertThatThrownBy(() -> result.reply(1)).hasMessageContaining("rank=1");
    }

    @Test
    void shouldCarryArgumentsOfAnySize() {
        for (int size : new int[]{0, 1, 7, 8, 4096, 700_000, 6_000_000}) {
            byte[] bytes = new byte[size];
            Arrays.fill(bytes, (byte) size);
            CallResult result = TestGroup.get(group.executor.call("echo", MemorySegment.ofArray(bytes)));
            assertThat(result.reply(3).mismatch(MemorySegment.ofArray(bytes))).isEqualTo(-1);
        }
    }

    @Test
    void shouldKeepManyCallsInFlightApart() {
        List<CompletableFuture<CallResult>> calls = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            calls.add(group.executor.call("echo", TestWorker.text("call " + i)));
        }
        for (int i = 0; i < 500; i++) {
            CallResult result = TestGroup.get(calls.get(i));
            assertThat(TestWorker.text(result.reply(i % 4))).isEqualTo("call " + i);
        }
    }

    @Test
    void shouldTellHandlerCostClassAndTimeLeft() {
        CallOptions options = CallOptions.fromRank(0).inClass("prefill").within(Duration.ofSeconds(5));
        assertThat(TestWorker.text(group.call("class", "", options).reply(0))).isEqualTo("prefill");
        assertThat(Long.parseLong(TestWorker.text(group.call("remaining", "", options).reply(0))))
                .isBetween(4_000_000_000L, 5_000_000_000L);
    }

    /** What a call has waited for others is gone: a worker counts from when the caller called. */
    @Test
    void shouldTakeTheTimeSpentWaitingFromWhatIsLeft() {
        long start = System.nanoTime();
        CompletableFuture<CallResult> before = group.executor.call("sleep", TestWorker.text("200"));
        CompletableFuture<CallResult> behind = group.executor.call("remaining", MemorySegment.NULL);
        long called = System.nanoTime() - start;
        CallResult left = TestGroup.get(behind);
        assertThat(before).isCompleted();
        for (int rank = 0; rank < 4; rank++) {
            assertThat(Long.parseLong(TestWorker.text(left.reply(rank)))).isPositive()
                    .isLessThanOrEqualTo(TestGroup.SECONDS_10.toNanos() + called - 200_000_000);
        }
    }

    @Test
    void shouldEndCallWhenRankThatWasNotAskedThrows() {
        RemoteCallException error = catchThrowableOfType(RemoteCallException.class,
                () -> group.call("fail", "3 exception", CallOptions.fromRank(0)));
        assertThat(error.rank()).isEqualTo(3);
        assertThat(error.remoteType()).isEqualTo("java.io.IOException");
        assertThat(error.remoteMessage()).isEqualTo("disk on fire");
        assertThat(error.remoteStack()).contains("TestWorker.fail");
        assertThat(TestWorker.text(group.call("rank", "").reply(3))).isEqualTo("3");
    }

    @Test
    void shouldSurviveDeepRecursionOfHandler() {
        assertThatThrownBy(() -> group.call("fail", "1 recursion")).isInstanceOf(RemoteCallException.class)
                .hasMessageContaining("StackOverflowError").hasMessageContaining("rank=1");
        assertThat(group.call("rank", "").workers()).isEqualTo(4);
    }

    @Test
    void shouldReportUnknownMethodNullAndOversizedReply() {
        assertThatThrownBy(() -> group.call("dance", "")).hasMessageContaining("UnknownMethodException")
                .hasMessageContaining("method=dance");
        assertThatThrownBy(() -> group.call("null", "")).hasMessageContaining("NullPointerException");
        assertThatThrownBy(() -> group.call("big", "9000000")).hasMessageContaining("reply too large");
    }

    @Test
    void shouldRefuseOversizedArgumentsAndUnknownRank() {
        assertThatThrownBy(() -> group.executor.call("echo", MemorySegment.ofArray(new byte[9 << 20])))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("bytes=9437184");
        assertThatThrownBy(() -> group.call("rank", "", CallOptions.fromRank(4))).hasMessageContaining("replyRank=4");
    }

    @Test
    void shouldGiveEachWorkerItsOwnPrivateTemporaryFolder() throws Exception {
        CallResult result = group.call("tmpdir", "");
        Path first = Path.of(TestWorker.text(result.reply(0)));
        assertThat(first).isNotEqualTo(Path.of(TestWorker.text(result.reply(1))));
        assertThat(Files.getPosixFilePermissions(first)).hasSize(3);
    }

    /** Where the group is, which rank, whose clock, which folder: nothing there that others must not know. */
    @Test
    void shouldHandWorkersNothingButTheWayToTheirGroup() throws Exception {
        String environment = Files.readString(Path.of("/proc/" + group.executor.pid(2) + "/environ"));
        Map<String, String> added = Arrays.stream(environment.split("\0", -1)).filter(entry -> entry.contains("="))
                .map(entry -> entry.split("=", 2)).filter(entry -> !entry[1].equals(System.getenv(entry[0])))
                .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1]));
        assertThat(added).containsOnlyKeys(WorkerSettings.GROUP, WorkerSettings.RANK, WorkerSettings.CLOCK,
                TemporaryFolder.VARIABLE).containsEntry(WorkerSettings.GROUP, group.directory.toString())
                .containsEntry(WorkerSettings.RANK, "2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(group.directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void shouldTickAndPulseWhileIdle() {
        try (Board board = Board.open(group.directory.resolve("board"), true)) {
            TestGroup.bestOfThree(Duration.ofSeconds(2), () -> awaitSignsOfLife(board));
        }
    }

    private static void awaitSignsOfLife(Board board) {
        long loop = board.rank(2).loopTicks();
        long pulse = board.rank(2).pulses();
        long collector = board.driver().loopTicks();
        TestGroup.await(TestGroup.SECONDS_10, () -> board.rank(2).loopTicks() >= loop + 5
                && board.rank(2).pulses() >= pulse + 5 && board.driver().loopTicks() >= collector + 5);
    }

    @Test
    void shouldSleepOnWhenAnIdleLoopIsInterrupted() {
        try (TestGroup own = TestGroup.of(1);
                Board board = Board.open(own.directory.resolve("board"), true)) {
            own.call("pester", "");
            long loop = board.rank(0).loopTicks();
            long collector = board.driver().loopTicks();
            // the collector's ticks are the clock: 40 ms each while nobody calls
            TestGroup.await(Duration.ofSeconds(30), () -> board.driver().loopTicks() >= collector + 30);
            assertThat(board.rank(0).loopTicks() - loop).as("passes of an idle loop").isLessThan(1_000);
        }
    }

    @Test
    void shouldMarkEveryStepOnTheBoard() {
        long id = group.call("rank", "").callId();
        try (Board board = Board.open(group.directory.resolve("board"), true)) {
            TestGroup.await(Duration.ofSeconds(2), () -> board.rank(1).replied() >= id);
            assertThat(board.rank(1).received()).isGreaterThanOrEqualTo(id);
            assertThat(board.rank(1).finished()).isGreaterThanOrEqualTo(id);
            assertThat(board.driver().lastIssued()).isGreaterThanOrEqualTo(id);
            assertThat(board.rank(1).loopThreadId()).isPositive();
        }
    }
}
