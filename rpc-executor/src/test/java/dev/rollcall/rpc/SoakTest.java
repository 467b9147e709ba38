package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;

/**
 * Everything that can happen to a group, at random, for a while: {@code -Drollcall.soak.seconds=600} for a long one,
 * {@code -Drollcall.soak.seed} to choose the order. A ledger holds every call; each must end once.
 */
class SoakTest {

    private static final int WORKERS = 8;
    private static final int IN_FLIGHT = 48;
    /** Between two calls: the faults are what this is about, and other tests want the processor too. */
    private static final long PACE_NANOS = 2_000_000;
    private static final long SECONDS = Long.getLong("rollcall.soak.seconds", 30);
    private static final long SEED = Long.getLong("rollcall.soak.seed", System.nanoTime());

    private final Random random = new Random(SEED);
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicInteger endedTwice = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private final Map<String, AtomicLong> ledger = new TreeMap<>();
    private final AtomicInteger deaths = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void shouldEndEveryCallOnceWhateverHappens() throws Exception {
        ProcessLauncher launcher = TestGroup.launcher().output((rank, line) -> {
        }).build();
        Path directory;
        long descriptorsBefore = descriptors();
        try (CollectiveExecutor group = CollectiveExecutor.builder(launcher, WORKERS).evidenceTimeout(Duration.ZERO)
                .stopTimeout(Duration.ofMillis(500)).defaultTimeout(Duration.ofSeconds(20))
                .restart(new RestartPolicy(10_000, Duration.ofHours(1), Duration.ofMillis(10), Duration.ofMillis(300)))
                .method("rank", MethodOptions.defaults().retried())
                .method("again", MethodOptions.defaults().retried()).start()) {
            Thread faults = Thread.ofPlatform().daemon().name("soak-faults").start(() -> faults(group));
            long start = System.nanoTime();
            long heapEarly = 0;
            long descriptorsEarly = 0;
            while (System.nanoTime() - start < SECONDS * 1_000_000_000L) {
                assertThat(free.tryAcquire(40, TimeUnit.SECONDS)).as("calls end seed=%s %s", SEED, ledger).isTrue();
                call(group);
                LockSupport.parkNanos(PACE_NANOS);
                if (heapEarly == 0 && System.nanoTime() - start > SECONDS * 300_000_000L) {
                    heapEarly = heap();
                    descriptorsEarly = descriptors();
                }
            }
            over.countDown();
            assertThat(faults.join(Duration.ofSeconds(60))).isTrue();
            assertThat(free.tryAcquire(IN_FLIGHT, 60, TimeUnit.SECONDS)).as("all ended seed=%s", SEED).isTrue();
            TestGroup.await(Duration.ofSeconds(60), () -> group.state() == State.READY);

            CollectiveExecutor.Counters counters = group.counters();
            System.out.println("soak seconds=" + SECONDS + " seed=" + SEED + " calls=" + made + " ledger=" + ledger
                    + " counters=" + counters + " heapEarly=" + heapEarly + " heapLate=" + heap() + " descriptorsEarly="
                    + descriptorsEarly + " descriptorsLate=" + descriptors() + " epoch=" + group.directory());
            assertThat(ended.get()).isEqualTo(made.get());
            assertThat(endedTwice).as("ended twice seed=%s", SEED).hasValue(0);
            assertThat(wrong).as("wrong replies seed=%s", SEED).hasValue(0);
            assertThat(counters.completed() + counters.failed() + counters.timedOut() + counters.cancelled())
                    .isEqualTo(made.get());
            assertThat(counters.inFlight()).isZero();
            assertThat(counters.unknownReplies()).isZero();
            // Calls that may run twice outlive deaths and restarts, and some of them have run twice.
            assertThat(ledger).as("seed=%s", SEED).doesNotContainKeys("again WorkerDiedException",
                    "again GroupRestartedException");
            if (deaths.get() >= 4) {
                assertThat(counters.retried()).as("retried seed=%s deaths=%s", SEED, deaths).isPositive();
            }
            assertThat(heap()).as("heap").isLessThan(heapEarly + (24 << 20));
            assertThat(descriptors()).as("descriptors").isLessThan(descriptorsEarly + 12 + WORKERS);
            directory = group.directory();
        }
        assertThat(directory).doesNotExist();
        assertThat(descriptors()).as("descriptors left").isLessThanOrEqualTo(descriptorsBefore + 6);
    }

    /** One call of a random kind; when it ends, its kind and its end go into the ledger. */
    private void call(CollectiveExecutor group) {
        long number = made.incrementAndGet();
        int kind = random.nextInt(100);
        AtomicInteger ends = new AtomicInteger();
        CompletableFuture<CallResult> future = switch (kind) {
            case 0 -> group.call("fail", TestWorker.text(random.nextInt(WORKERS) + " exception"));
            case 1 -> group.call("sleep", TestWorker.text("30"),
                    CallOptions.allRanks().within(Duration.ofMillis(1 + random.nextInt(20))));
            case 2, 3 -> group.call("poll", TestWorker.text(""),
                    CallOptions.fromRank(0).within(Duration.ofSeconds(10)));
            case 4 -> group.call("rank", TestWorker.text(""), CallOptions.fromRank(random.nextInt(WORKERS)));
            case 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ->
                group.call("again", TestWorker.text("call " + number));
            default -> group.call("echo", TestWorker.text("call " + number));
        };
        var _ = future.whenComplete((result, error) -> {
            if (ends.incrementAndGet() > 1) {
                endedTwice.incrementAndGet();
                return;
            }
            if (kind > 4 && result != null && !isEcho(result, number)) {
                wrong.incrementAndGet();
            }
            count(kind > 4 && kind < 20 ? "again " : "", error);
            ended.incrementAndGet();
            free.release();
        });
        if (kind == 2 || kind == 3) {
            CompletableFuture.delayedExecutor(random.nextInt(20), TimeUnit.MILLISECONDS)
                    .execute(() -> future.cancel(true));
        }
    }

    private static boolean isEcho(CallResult result, long number) {
        for (int rank = 0; rank < WORKERS; rank++) {
            if (!TestWorker.text(result.reply(rank)).equals("call " + number)) {
                return false;
            }
        }
        return true;
    }

    private void count(String which, Throwable error) {
        Throwable why = error instanceof CompletionException wrapped ? wrapped.getCause() : error;
        String end = which + (why == null
                ? "completed"
                : why instanceof CancellationException ? "cancelled" : why.getClass().getSimpleName());
        synchronized (ledger) {
            ledger.computeIfAbsent(end, name -> new AtomicLong()).incrementAndGet();
        }
    }

    private void faults(CollectiveExecutor group) {
        Random chance = new Random(SEED + 1);
        try {
            while (!over.await(300 + chance.nextInt(900), TimeUnit.MILLISECONDS)) {
                int rank = chance.nextInt(WORKERS);
                switch (chance.nextInt(8)) {
                    case 0 -> {
                        if (signal(group, rank, Signal.KILL)) {
                            deaths.incrementAndGet();
                        }
                    }
                    case 1 -> group.restart();
                    default -> {
                        if (signal(group, rank, Signal.STOP)) {
                            boolean _ = over.await(chance.nextInt(200), TimeUnit.MILLISECONDS);
                            signal(group, rank, Signal.CONT);
                        }
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of the rank's process as it is now; it may be gone, or another one when it is continued. */
    private static boolean signal(CollectiveExecutor group, int rank, Signal signal) {
        ProcessIdentity identity = ProcessIdentity.of((int) group.pid(rank));
        try (PidFd process = identity == null ? null : PidFd.open(identity)) {
            return process != null && process.signal(signal);
        }
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.map(SoakTest::target).filter(target -> target.contains("rollcall") || target.contains("pidfd"))
                    .count();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
