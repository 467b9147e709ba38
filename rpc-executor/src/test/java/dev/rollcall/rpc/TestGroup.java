package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;

/** A group of real processes for one test, and the check that nothing of it is left. */
final class TestGroup implements AutoCloseable {

    static final Duration SECONDS_10 = Duration.ofSeconds(10);

    final CollectiveExecutor executor;
    final Path directory;
    final List<PidFd> processes = new ArrayList<>();

    private TestGroup(CollectiveExecutor executor) {
        this.executor = executor;
        this.directory = executor.directory();
        for (int rank = 0; rank < executor.workers(); rank++) {
            processes.add(PidFd.open(ProcessIdentity.of((int) executor.pid(rank))));
        }
    }

    static TestGroup of(int workers) {
        return of(workers, builder -> builder);
    }

    static TestGroup of(int workers, UnaryOperator<CollectiveExecutorBuilder> more) {
        return of(launcher().build(), workers, more);
    }

    static TestGroup of(WorkerLauncher launcher, int workers, UnaryOperator<CollectiveExecutorBuilder> more) {
        return new TestGroup(more.apply(CollectiveExecutor.builder(launcher, workers)
                .readyTimeout(Duration.ofSeconds(30)).defaultTimeout(SECONDS_10)).start());
    }

    static ProcessLauncher.Builder launcher() {
        return ProcessLauncher.of(TestWorker.class).jvmFlag("-Xmx48m");
    }

    CallResult call(String method, String arguments, CallOptions options) {
        return get(executor.call(method, TestWorker.text(arguments), options));
    }

    CallResult call(String method, String arguments) {
        return call(method, arguments, CallOptions.allRanks());
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(15, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("call did not end", e);
        }
    }

    /** Waits on a condition that nothing announces. */
    static void await(Duration bound, BooleanSupplier condition) {
        await(bound, 2_000_000, condition);
    }

    /** Likewise, for what is over soon: looks that often. */
    static void await(Duration bound, long lookNanos, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("condition not met within %s", bound).isLessThan(bound.toNanos());
            LockSupport.parkNanos(lookNanos);
        }
    }

    /** Whether SIGSTOP has arrived: it takes a moment, in which a process may still answer. */
    static boolean isStopped(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException gone) {
            return false;
        }
    }

    /** How fast we are: a busy machine may delay one attempt; three in a row would be our own doing. */
    static void bestOfThree(Duration bound, Runnable attempt) {
        long nanos = Long.MAX_VALUE;
        for (int i = 0; i < 3 && nanos >= bound.toNanos(); i++) {
            long start = System.nanoTime();
            attempt.run();
            nanos = System.nanoTime() - start;
        }
        assertThat(nanos).isLessThan(bound.toNanos());
    }

    /** SIGSTOP, and wait until every thread stands still: the call that sends it returns before. */
    void stop(int rank) {
        PidFd process = processes.get(rank);
        process.signal(Signal.STOP);
        await(SECONDS_10, () -> isStopped(process.identity().pid()));
    }

    @Override
    public void close() {
        executor.close();
        assertThat(processes).allMatch(PidFd::isDead);
        processes.forEach(PidFd::close);
        assertThat(Files.exists(directory)).as("files left in %s", directory).isFalse();
    }
}
