package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.os.PidFd;

/** Who waits in a collective is set free; nobody else is. The test's thread stands for the loop. */
class CancelWatchTest implements WorkerRun.Host {

    private final Set<Long> ended = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<String> printed = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Long> released = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Thread> watcher = new CompletableFuture<>();
    private final CancelWatch watch = new CancelWatch(3, ended::contains, this);

    @AfterEach
    void close() {
        watch.close();
    }

    @Override
    public void print(String what, @Nullable Throwable error) {
        printed.add(what + " " + error);
    }

    @Override
    public void startPulse(int rank, BoardWorker marks, PidFd driver) {
        throw new UnsupportedOperationException();
    }

    private void arm(long callId) {
        watch.arm(callId, () -> {
            watcher.complete(Thread.currentThread());
            released.add(callId);
        });
    }

    private void awaitReleased(Long... calls) {
        TestGroup.await(TestGroup.SECONDS_10, () -> released.size() >= calls.length);
        assertThat(released).containsExactly(calls);
    }

    @Test
    void shouldReleaseOnceAndOnlyWhoWaitsForThatCall() {
        ended.add(6L);
        arm(7);
        ended.add(7L);
        awaitReleased(7L);
        arm(8);
        watch.disarm();
        ended.add(8L);
        arm(9);
        ended.add(9L);
        awaitReleased(7L, 9L);
    }

    @Test
    void shouldReplaceWhatWasArmedWithoutLosingTheNew() {
        CountDownLatch inFirst = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ended.add(7L);
        watch.arm(7, () -> {
            inFirst.countDown();
            awaitLatch(mayEnd);
            released.add(1L);
        });
        awaitLatch(inFirst);
        endWhenBlocked(Thread.currentThread(), mayEnd);
        watch.arm(7, () -> released.add(2L));
        assertThat(released).startsWith(1L);
        awaitReleased(1L, 2L);
    }

    @Test
    void shouldLeaveTheCallOnlyWhenItsReleaseHasReturned() {
        CountDownLatch inRelease = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ended.add(7L);
        watch.arm(7, () -> {
            inRelease.countDown();
            awaitLatch(mayEnd);
            released.add(7L);
        });
        awaitLatch(inRelease);
        endWhenBlocked(Thread.currentThread(), mayEnd);
        watch.disarm();
        assertThat(released).containsExactly(7L);
    }

    @Test
    void shouldSleepWhenNobodyWantsItAndWakeForTheNext() throws Exception {
        for (long call = 1; call <= 3; call++) {
            arm(call);
            watch.disarm();
            TestGroup.await(TestGroup.SECONDS_10, watch::isAsleep);
            arm(call + 10);
            ended.add(call + 10);
            long seen = call;
            TestGroup.await(TestGroup.SECONDS_10, () -> released.size() == seen);
            watch.disarm();
        }
        TestGroup.await(TestGroup.SECONDS_10, watch::isAsleep);
        watch.close();
        assertThat(watcher.get().join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void shouldOutliveAReleaseThatThrowsAndLeavesAnInterrupt() {
        ended.add(7L);
        watch.arm(7, () -> {
            watcher.complete(Thread.currentThread());
            Thread.currentThread().interrupt();
            throw new IllegalStateException("no such communicator");
        });
        TestGroup.await(TestGroup.SECONDS_10, () -> !printed.isEmpty() && !watcher.join().isInterrupted());
        assertThat(printed).singleElement().asString().contains("call=7").contains("no such communicator");
        arm(8);
        ended.add(8L);
        awaitReleased(8L);
    }

    @Test
    void shouldRefuseOtherThreads() {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> assertThatIllegalStateException()
                .isThrownBy(() -> watch.arm(1, () -> {})).withMessageContaining("loop="));
        TestGroup.get(other);
    }

    /** Opens the latch once this thread waits for a monitor, and so for the release. */
    private static void endWhenBlocked(Thread loop, CountDownLatch latch) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                TestGroup.await(TestGroup.SECONDS_10, () -> loop.getState() == Thread.State.BLOCKED);
            } finally {
                latch.countDown();
            }
        });
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
