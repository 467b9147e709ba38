package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import dev.rollcall.shm.board.Board;

class CallDeadlineTest {

    private static final CallOptions SHORT = CallOptions.allRanks().within(Duration.ofMillis(100));

    @Test
    void shouldStayUsableAfterTimeoutAndDropLateReplies() {
        try (TestGroup group = TestGroup.of(2)) {
            CallOptions second = CallOptions.allRanks().within(Duration.ofSeconds(1));
            long start = System.nanoTime();
            CallTimeoutException error =
                    catchThrowableOfType(CallTimeoutException.class, () -> group.call("sleep", "1700", second));
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
            assertThat(error.callId()).isEqualTo(1);
            assertThat(error.ranks()).hasSize(2).allMatch(line -> line.contains("started=1 finished=0"));

            assertThat(TestWorker.text(group.call("rank", "").reply(1))).isEqualTo("1");
            CollectiveExecutor.Counters counters = group.executor.counters();
            assertThat(counters.lateReplies()).isEqualTo(2);
            assertThat(counters.timedOut()).isEqualTo(1);
            assertThat(counters.inFlight()).isZero();
        }
    }

    @Test
    void shouldTimeOutWithin200MillisecondsOfTheDeadline() {
        try (TestGroup group = TestGroup.of(2)) {
            TestGroup.bestOfThree(Duration.ofMillis(300),
                    () -> assertThatThrownBy(() -> group.call("poll", "", SHORT))
                            .isInstanceOf(CallTimeoutException.class));
        }
    }

    @Test
    void shouldCancelBusyHandlersWhenTimeIsUpOrCallerCancels() {
        try (TestGroup group = TestGroup.of(2)) {
            assertThatThrownBy(() -> group.call("poll", "", SHORT)).isInstanceOf(CallTimeoutException.class);
            assertThat(TestWorker.text(group.call("cancels", "").reply(1))).isEqualTo("1");

            CompletableFuture<CallResult> call = group.executor.call("poll", TestWorker.text(""));
            assertThat(call.cancel(false)).isTrue();
            assertThat(TestWorker.text(group.call("cancels", "").reply(0))).isEqualTo("3");
            assertThat(group.executor.counters().cancelled()).isEqualTo(1);
        }
    }

    @Test
    void shouldTimeOutWithTheHoldersWhenTheRequestRingStaysFull() {
        try (TestGroup group = TestGroup.of(2, builder -> builder.rings(1 << 16, 1 << 16))) {
            CompletableFuture<CallResult> slow = group.executor.call("sleep", TestWorker.text("1000"));
            String half = "x".repeat(30_000);
            CompletableFuture<CallResult> first = group.executor.call("echo", TestWorker.text(half));
            CallTimeoutException error =
                    catchThrowableOfType(CallTimeoutException.class, () -> group.call("echo", half + half, SHORT));
            assertThat(error.callId()).isZero();
            assertThat(error).hasMessageContaining("request ring stayed full");
            assertThat(error.ranks()).hasSize(2);
            for (int rank = 0; rank < 2; rank++) {
                assertThat(error.ranks().get(rank)).startsWith("reader=" + rank + " pid=" + group.executor.pid(rank))
                        .contains("lagMessages=", "lagBytes=");
            }
            // longer than the ring, so it is half in when its time is up
            String parts = "p".repeat(200_000);
            assertThatThrownBy(() -> group.call("echo", parts, SHORT)).isInstanceOf(CallTimeoutException.class)
                    .hasMessageContaining("request ring stayed full").hasMessageContaining("bytes=200000")
                    .hasMessageContaining("reader=1 pid=" + group.executor.pid(1));
            // who waits behind another caller is told who holds that one
            CompletableFuture<CallResult> before =
                    CompletableFuture.supplyAsync(() -> group.call("echo", half + half), Thread::startVirtualThread);
            error = catchThrowableOfType(CallTimeoutException.class, () -> group.call("echo", half + half, SHORT));
            assertThat(error.ranks()).hasSize(2).allMatch(line -> line.matches(
                    "rank=. phase=READY received=1 started=1 finished=0 .*method=sleep|reader=. pid=.*lagBytes=.*"));
            // within its deadline a full ring only delays
            CallResult next = group.call("cancelled", "");
            assertThat(List.of(next.reply(0), next.reply(1))).extracting(TestWorker::text)
                    .as("the call behind one that was cut off").containsOnly("false");
            assertThat(TestWorker.text(group.call("echo", parts).reply(1))).isEqualTo(parts);
            assertThat(TestWorker.text(TestGroup.get(before).reply(0))).isEqualTo(half + half);
            assertThat(slow).isCompleted();
            assertThat(first).isCompleted();
        }
    }

    @Test
    void shouldDelayRepliesOfAFullReplyRingWithoutLoss() {
        try (TestGroup group = TestGroup.of(1, builder -> builder.rings(1 << 20, 1 << 16).invoked())) {
            // nobody drives the collector while these are answered: three of 30 000 bytes do not fit 64 KiB
            String text = "y".repeat(30_000);
            CompletableFuture<CallResult> first = group.executor.call("echo", TestWorker.text(text));
            CompletableFuture<CallResult> second = group.executor.call("echo", TestWorker.text(text));
            CompletableFuture<CallResult> third = group.executor.call("echo", TestWorker.text(text));
            CompletableFuture<CallResult> all =
                    CompletableFuture.allOf(first, second, third).thenCompose(done -> third);
            TestGroup.await(TestGroup.SECONDS_10, () -> group.executor.invoker().invoke() >= 0 && all.isDone());
            assertThat(TestWorker.text(third.join().reply(0))).isEqualTo(text);
        }
    }

    /** A worker whose reply nobody takes gives it up when its caller does, be it half in the ring, and goes on. */
    @Test
    void shouldGiveUpAReplyWhoseTimeIsUpAndLoseNoOther() {
        try (TestGroup group = TestGroup.of(1, builder -> builder.rings(1 << 20, 1 << 16).invoked());
                Board board = Board.open(group.directory.resolve("board"), true)) {
            String text = "y".repeat(30_000);
            String parts = "p".repeat(200_000);
            CompletableFuture<CallResult> kept = group.executor.call("echo", TestWorker.text(text));
            CompletableFuture<CallResult> late = group.executor.call("echo", TestWorker.text(parts), SHORT);
            // the driver takes nothing meanwhile
            TestGroup.await(TestGroup.SECONDS_10, () -> board.rank(0).replied() == 2);
            assertThat(late).isNotDone();
            CompletableFuture<CallResult> next = group.executor.call("echo", TestWorker.text(parts));
            TestGroup.await(TestGroup.SECONDS_10, () -> group.executor.invoker().invoke() >= 0 && next.isDone());
            assertThat(TestWorker.text(kept.join().reply(0))).isEqualTo(text);
            assertThatThrownBy(() -> TestGroup.get(late)).isInstanceOf(CallTimeoutException.class);
            assertThat(TestWorker.text(next.join().reply(0))).isEqualTo(parts);
            assertThat(group.executor.counters().unknownReplies()).isZero();
        }
    }

    @Test
    void shouldAllowCallsFromCompletions() {
        try (TestGroup group = TestGroup.of(2)) {
            CompletableFuture<CallResult> chain = group.executor.call("rank", TestWorker.text(""));
            for (int i = 0; i < 50; i++) {
                chain = chain.thenCompose(result -> group.executor.call("rank", TestWorker.text("")));
            }
            assertThat(TestGroup.get(chain).callId()).isEqualTo(51);
        }
    }
}
