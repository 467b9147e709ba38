package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.rollcall.shm.board.Board;

class UnderLoadTest {

    private static final int CALLS = 20_000;

    /** What a call is for, and what it must come back with. */
    private record Sent(int number, boolean late, CompletableFuture<CallResult> future) {
    }

    @Test
    void shouldNeverMixUpRepliesWhenOneCallInAThousandTimesOut() throws Exception {
        try (TestGroup group = TestGroup.of(2, builder -> builder.window(64))) {
            CallOptions tooShort = CallOptions.allRanks().within(Duration.ofMillis(2));
            Deque<Sent> sent = new ArrayDeque<>();
            int timedOut = 0;
            for (int i = 1; i <= CALLS; i++) {
                boolean late = i % 1000 == 0;
                sent.add(new Sent(i, late, late
                        ? group.executor.call("sleep", TestWorker.text("50"), tooShort)
                        : group.executor.call("echo", TestWorker.text("call " + i))));
                if (sent.size() == 50) {
                    timedOut += check(sent.remove());
                }
            }
            while (!sent.isEmpty()) {
                timedOut += check(sent.remove());
            }
            // a collector that got no processor for 50 ms finds the replies before the deadline
            assertThat(timedOut).isBetween(CALLS / 2000, CALLS / 1000);
            group.call("rank", "");
            CollectiveExecutor.Counters counters = group.executor.counters();
            assertThat(counters.timedOut()).isEqualTo(timedOut);
            assertThat(counters.completed()).isEqualTo(CALLS - timedOut + 1);
            // one that timed out before it was sent has no reply to be late
            assertThat(counters.lateReplies()).isBetween(1L, 2L * timedOut);
            assertThat(counters.unknownReplies()).isZero();
            assertThat(counters.inFlight()).isZero();
        }
    }

    /** 1 when it timed out. */
    private static int check(Sent call) throws Exception {
        try {
            CallResult result = call.future.get(20, TimeUnit.SECONDS);
            for (int rank = 0; rank < 2; rank++) {
                assertThat(TestWorker.text(result.reply(rank))).isEqualTo(call.late ? "" : "call " + call.number);
            }
            return 0;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(CallTimeoutException.class);
            assertThat(call.late).as("call %s", call.number).isTrue();
            return 1;
        }
    }

    /** The one completion thread is held in a call while the window is full; the collector goes on without it. */
    @Test
    void shouldNotDeadlockWhenCompletionsCallIntoAFullWindow() {
        try (TestGroup group = TestGroup.of(2, builder -> builder.window(1).rings(1 << 16, 1 << 16))) {
            AtomicInteger calls = new AtomicInteger();
            CompletableFuture<?>[] chains = new CompletableFuture<?>[3];
            for (int i = 0; i < chains.length; i++) {
                CompletableFuture<CallResult> chain = group.executor.call("echo", TestWorker.text("z".repeat(20_000)));
                for (int j = 0; j < 20; j++) {
                    chain = chain.thenCompose(result -> {
                        calls.incrementAndGet();
                        return group.executor.call("echo", result.reply(1));
                    });
                }
                chains[i] = chain;
            }
            TestGroup.get(CompletableFuture.allOf(chains));
            assertThat(calls).hasValue(60);
        }
    }

    /** Far longer than either ring, and for a while nobody takes the reply: a delay, no loss, and a loop that ticks. */
    @Test
    void shouldPass64MebibytesBothWaysWhileTheDriverPauses() {
        ProcessLauncher launcher = TestGroup.launcher().jvmFlag("-Xmx512m").build();
        try (CollectiveExecutor group =
                CollectiveExecutor.builder(launcher, 1).invoked().defaultTimeout(Duration.ofSeconds(60)).start();
                Board board = Board.open(group.directory().resolve("board"), true);
                Arena arena = Arena.ofShared()) {
            MemorySegment arguments = arena.allocate(64 << 20);
            for (long i = 0; i < arguments.byteSize(); i += 4096) {
                arguments.set(ValueLayout.JAVA_LONG, i, i);
            }
            CompletableFuture<CallResult> call = group.call("echo", arguments);
            TestGroup.await(Duration.ofSeconds(20), () -> board.rank(0).finished() == 1);
            long ticks = board.rank(0).loopTicks();
            // Nobody takes the reply for a while: about a second on an idle machine.
            TestGroup.await(Duration.ofSeconds(30), () -> board.rank(0).loopTicks() >= ticks + 10);
            assertThat(board.rank(0).replied()).as("the reply does not fit").isZero();
            TestGroup.await(Duration.ofSeconds(30), () -> group.invoker().invoke() >= 0 && call.isDone());
            assertThat(call.join().reply(0).mismatch(arguments)).isEqualTo(-1);
        }
    }
}
