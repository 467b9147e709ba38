package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.sun.management.ThreadMXBean;

import dev.rollcall.rpc.micrometer.ExecutorMetrics;

/** The ways to make a call beside the plain future, on one group. */
class CallWaysTest {

    private static final int WORKERS = 3;
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static TestGroup group;

    @BeforeAll
    static void start() {
        group = TestGroup.of(WORKERS, builder -> builder.window(8)
                .method("poll", MethodOptions.defaults().within(Duration.ofMillis(150))));
    }

    @AfterAll
    static void stop() {
        group.close();
    }

    @Test
    void shouldMakeOneAnswerOfAllReplies() {
        CompletableFuture<String> answer = group.executor.aggregate("rank", MemorySegment.NULL, CallOptions.fromRank(1),
                (replies, base) -> TestWorker.text(replies.reply(base)) + "+" + TestWorker.text(replies.reply(0))
                        + TestWorker.text(replies.reply(2)));
        assertThat(TestGroup.get(answer)).isEqualTo("1+02");
    }

    @Test
    void shouldFailWithWhatTheAggregatorThrows() {
        CompletableFuture<String> answer =
                group.executor.aggregate("rank", MemorySegment.NULL, CallOptions.allRanks(), (replies, base) -> {
                    throw new IllegalStateException("shapes differ");
                });
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("shapes differ");
    }

    @Test
    void shouldPassTraceContextAndExpectedDurationThroughTheFrame() {
        CallOptions options = CallOptions.fromRank(2).expecting(Duration.ofMillis(7));
        assertThat(TestWorker.text(group.call("trace", "x", options.traced(TRACE)).reply(2))).isEqualTo(TRACE + "|");
        assertThat(TestWorker.text(group.call("trace", "x", options.traced(TRACE, "a=1,b=2")).reply(2)))
                .isEqualTo(TRACE + "|a=1,b=2");
        assertThat(TestWorker.text(group.call("trace", "", options).reply(2))).isEqualTo("|");
        assertThat(TestWorker.text(group.call("expected", "", options).reply(2))).isEqualTo("7000000");
        assertThat(TestWorker.text(group.call("echo", "arguments stay whole", options.traced(TRACE)).reply(2)))
                .isEqualTo("arguments stay whole");
        assertThatThrownBy(() -> options.traced("00-no-trace")).hasMessageContaining("trace=00-no-trace");
    }

    @Test
    void shouldUseTheDeadlineOfTheMethodUnlessTheCallHasItsOwn() {
        long start = System.nanoTime();
        CallTimeoutException error = catchThrowableOfType(CallTimeoutException.class, () -> group.call("poll", "",
                CallOptions.allRanks().expecting(Duration.ofMillis(3))));
        assertThat(System.nanoTime() - start).isBetween(150_000_000L, 2_000_000_000L);
        assertThat(error).hasMessageContaining("timeout=150 ms").hasMessageContaining("expected=3 ms");
        assertThat(error.missing()).containsExactly(0, 1, 2);
        assertThatThrownBy(() -> group.call("poll", "", CallOptions.allRanks().within(Duration.ofMillis(20))))
                .hasMessageContaining("timeout=20 ms");
    }

    @Test
    void shouldHoldCallersBackWhenTheWindowIsFull() {
        List<CompletableFuture<CallResult>> calls = new ArrayList<>();
        CompletableFuture<CallResult> first = group.executor.call("sleep", TestWorker.text("400"));
        for (int i = 1; i < 8; i++) {
            calls.add(group.executor.call("rank", MemorySegment.NULL));
        }
        CallTimeoutException error = catchThrowableOfType(CallTimeoutException.class,
                () -> group.call("rank", "", CallOptions.allRanks().within(Duration.ofMillis(50))));
        assertThat(error).hasMessageContaining("window=8").hasMessageContaining("method=sleep");
        assertThat(error.ranks()).hasSize(WORKERS);
        long start = System.nanoTime();
        assertThat(group.call("rank", "").workers()).isEqualTo(WORKERS);
        assertThat(System.nanoTime() - start).as("waited for the window").isGreaterThan(100_000_000L);
        assertThat(first).isCompleted();
        calls.forEach(TestGroup::get);
    }

    @Test
    void shouldShowRepliesToAHandlerInPlace() {
        Recorder recorder = new Recorder();
        group.executor.call("rank", MemorySegment.NULL, CallOptions.allRanks(), recorder);
        recorder.awaitEnd();
        assertThat(recorder.replies).isEqualTo(List.of("0=0", "1=1", "2=2"));
        assertThat(recorder.error).isNull();

        recorder = new Recorder();
        group.executor.call("echo", TestWorker.text("z".repeat(50_000)), CallOptions.fromRank(1), recorder);
        recorder.awaitEnd();
        assertThat(recorder.replies).containsExactly("1=" + "z".repeat(50_000));
    }

    @Test
    void shouldTellAHandlerOfErrorsAndCancellationOnce() {
        Recorder failed = new Recorder();
        group.executor.call("fail", TestWorker.text("2 exception"), CallOptions.allRanks(), failed);
        failed.awaitEnd();
        assertThat(failed.error).isInstanceOf(RemoteCallException.class);
        assertThat(failed.replies).isEmpty();

        Recorder cancelled = new Recorder();
        SentCall call = group.executor.call("poll", MemorySegment.NULL,
                CallOptions.allRanks().within(Duration.ofSeconds(10)), cancelled);
        assertThat(call.cancel()).isTrue();
        assertThat(call.cancel()).isFalse();
        cancelled.awaitEnd();
        assertThat(cancelled.error).isInstanceOf(CancellationException.class);
        group.call("rank", "");
        assertThat(cancelled.ends).hasSize(1);
    }

    /**
     * What a call costs in garbage: nothing on a worker, some small objects on the driver whatever it carries. A worker that
     * must wait for room in its reply ring, because a busy machine does not run the driver, pays for that wait: one undisturbed
     * run of three counts. Meters are bound meanwhile: they cost nothing either.
     */
    @Test
    void shouldAllocateNothingOnWorkersAndLittleOnTheDriver() {
        int calls = 500;
        ExecutorMetrics meters = new ExecutorMetrics(group.executor);
        meters.bindTo(new SimpleMeterRegistry());
        run(2 * calls, 20_000); // warm up: buffers grow, code is compiled
        long worker = Long.MAX_VALUE;
        long driver = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 8 && (worker > 0 || driver >= 512); attempt++) {
            long first = allocated();
            long workerBefore = allocated();
            long empty = workerBefore - first; // what asking costs
            long driverBefore = driverAllocated();
            run(calls, 20_000);
            driver = (driverAllocated() - driverBefore) / calls;
            worker = allocated() - workerBefore - empty;
            System.err.println("allocated per call: worker=" + worker / calls + " B (" + worker + " B in " + calls
                    + " calls) driver=" + driver + " B");
        }
        meters.close();
        assertThat(worker).as("bytes on the worker in %s calls", calls).isLessThanOrEqualTo(0);
        assertThat(driver).as("bytes per call on the driver").isLessThan(512);
    }

    /** One after the other, so that the window does not matter. */
    private static void run(int calls, int bytes) {
        MemorySegment arguments = MemorySegment.ofArray(new byte[bytes]);
        CallOptions options = CallOptions.allRanks().inClass("garbage").within(Duration.ofSeconds(20));
        Semaphore ends = new Semaphore(0);
        ReplyHandler handler = new ReplyHandler() {
            @Override
            public void onReply(int rank, MemorySegment buffer, long offset, long length) {
                assert length == 0;
            }

            @Override
            public void onEnd(@Nullable Throwable error) {
                if (error == null) {
                    ends.release();
                }
            }
        };
        for (int i = 0; i < calls; i++) {
            group.executor.call("nothing", arguments, options, handler);
            acquire(ends);
        }
    }

    private static void acquire(Semaphore ends) {
        try {
            assertThat(ends.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long allocated() {
        return Long.parseLong(TestWorker.text(group.call("allocated", "", CallOptions.fromRank(0)).reply(0)));
    }

    private static long driverAllocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream().filter(CallWaysTest::isOurs)
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId())).sum();
    }

    private static boolean isOurs(Thread thread) {
        return thread == Thread.currentThread()
                || thread.getName().matches("rollcall-" + group.executor.group() + "-(collector|completion|pulse)");
    }

    /** Keeps what a handler is told. */
    private static final class Recorder implements ReplyHandler {

        final List<String> replies = new ArrayList<>();
        final ConcurrentHashMap<Integer, Boolean> ends = new ConcurrentHashMap<>();
        private final Semaphore ended = new Semaphore(0);
        volatile @Nullable Throwable error;

        @Override
        public void onReply(int rank, MemorySegment buffer, long offset, long length) {
            replies.add(rank + "=" + new String(buffer.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE),
                    StandardCharsets.UTF_8));
        }

        @Override
        public void onEnd(@Nullable Throwable why) {
            error = why;
            ends.put(ends.size(), true);
            ended.release();
        }

        void awaitEnd() {
            acquire(ended);
        }
    }
}
