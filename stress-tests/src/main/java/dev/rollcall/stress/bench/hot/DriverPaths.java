package dev.rollcall.stress.bench.hot;

import dev.rollcall.rpc.CallContext;
import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.ReplyHandler;
import dev.rollcall.rpc.SentCall;
import dev.rollcall.rpc.ThreadLauncher;
import dev.rollcall.rpc.Worker;
import dev.rollcall.shm.GroupDirectory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A call from its caller and back, to two workers that are threads: what all threads of the process allocate for it is what
 * the driver does, for a worker allocates nothing. Its time is that of the threads that wake each other.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DriverPaths {
    private static final int WORKERS = 2;
    private static final int SMALL = 64;
    private static final int LARGE = 16_384;
    private static final String METHOD = "echo";

    private final CallOptions options = CallOptions.allRanks().within(Duration.ofSeconds(10));
    private final MemorySegment small = Arena.ofAuto().allocate(SMALL);
    private final MemorySegment large = Arena.ofAuto().allocate(LARGE);
    private final Done done = new Done();
    private final CollectiveExecutor group = CollectiveExecutor.builder(ThreadLauncher.of(Echo::new), WORKERS)
            .group("jmh." + GroupDirectory.newName()).start();

    /** Answers with as many bytes as it was asked with, out of its own memory. */
    private static final class Echo implements Worker {
        private final MemorySegment small = Arena.ofAuto().allocate(SMALL);
        private final MemorySegment large = Arena.ofAuto().allocate(LARGE);

        @Override
        public MemorySegment call(CallContext call) {
            return call.length() == SMALL ? small : large;
        }
    }

    /** Waits for one call after another. */
    private static final class Done implements ReplyHandler {
        private volatile boolean ended;
        private int replies;

        @Override
        public void onReply(int rank, MemorySegment buffer, long offset, long length) {
            replies++;
        }

        @Override
        public void onEnd(@Nullable Throwable error) {
            if (error != null) {
                throw new IllegalStateException(error);
            }
            ended = true;
        }

        /** The call has a deadline, so this has one. */
        int await() {
            while (!ended) {
                Thread.yield();
            }
            ended = false;
            return replies;
        }
    }

    @Benchmark
    public int callWithHandler64() {
        SentCall _ = group.call(METHOD, small, options, done);
        return done.await();
    }

    @Benchmark
    public int callWithHandler16K() {
        SentCall _ = group.call(METHOD, large, options, done);
        return done.await();
    }

    @Benchmark
    public MemorySegment callWithFuture64() {
        return group.call(METHOD, small, options).join().reply(1);
    }

    @TearDown
    public void close() {
        group.close();
    }
}
