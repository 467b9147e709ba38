package dev.rollcall.tools.bench;

import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.CollectiveExecutorBuilder;
import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.rpc.ReplyHandler;
import dev.rollcall.shm.GroupDirectory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.stream.IntStream;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * W3: a collective call of 200 bytes to every worker, 100 bytes back from each, in rank order; the whole call is what is reported.
 * The caller drives the collector and takes replies in place; deadlines, marks and ids are as in any group.
 */
final class Gather {
    static final int REQUEST = 200;
    static final int REPLY = 100;
    static final String METHOD = "gather";
    static final String MODE = "mode";

    private Gather() {
    }

    /** The calling process; prints the result and returns the number of errors. */
    static long call(BenchSettings settings) {
        ProcessLauncher launcher = ProcessLauncher.of(GatherWorker.class).argument(MODE, settings.mode().name())
                .jvmFlag("-Xmx256m").jvmFlag("-XX:TieredStopAtLevel=4")
                .output((rank, line) -> System.err.println("rank " + rank + ": " + line)).build();
        CollectiveExecutorBuilder builder = CollectiveExecutor.builder(launcher, settings.readers())
                .group("bench." + GroupDirectory.newName()).readyTimeout(Duration.ofMinutes(1))
                .invoked().completeOn(Runnable::run); // completions on the thread that drives, which is the caller
        if (settings.hasCapacity()) {
            builder.rings(settings.capacity(), settings.capacity());
        }
        try (Arena arena = Arena.ofConfined(); CollectiveExecutor group = builder.start()) {
            Caller caller = new Caller(settings, group, arena.allocate(REQUEST, 64));
            ResultLine line = new ResultLine(settings);
            caller.measure(line, 1, IntStream.range(0, settings.readers()).mapToLong(group::pid).toArray());
            line.with("errors", caller.errors).print();
            return caller.errors;
        }
    }

    private static final class Caller extends Rounds implements ReplyHandler {
        private final int workers;
        private final CollectiveExecutor group;
        private final AgentInvoker invoker;
        private final IdleStrategy idle;
        private final CallOptions options = CallOptions.allRanks();
        private final MemorySegment arguments;
        private long expected;
        private int replies;
        private boolean ended;
        private @Nullable Throwable failure;
        private long errors;

        Caller(BenchSettings settings, CollectiveExecutor group, MemorySegment arguments) {
            super(settings);
            this.workers = settings.readers();
            this.group = group;
            this.invoker = group.invoker();
            this.idle = group.invokerIdle(settings.mode().strategy());
            this.arguments = arguments;
        }

        @Override
        void ask(long number) {
            expected = number;
            replies = 0;
            ended = false;
            Stamp.put(arguments, REQUEST, number);
            group.call(METHOD, arguments, options, this);
            while (!ended) {
                idle.idle(invoker.invoke());
            }
            if (failure != null) {
                throw new IllegalStateException("a call failed", failure);
            }
        }

        @Override
        public void onReply(int rank, MemorySegment buffer, long offset, long length) {
            if (rank != replies || length != REPLY || !Stamp.isWhole(buffer, offset, length, expected)) {
                errors++;
            }
            replies++;
        }

        @Override
        public void onEnd(@Nullable Throwable error) {
            errors += replies == workers ? 0 : 1;
            failure = error;
            ended = true;
        }

        /** A collector that nobody drives would look hung. */
        @Override
        void idle(long nanos) {
            for (long start = System.nanoTime(); System.nanoTime() - start < nanos;) {
                idle.idle(invoker.invoke());
            }
        }
    }
}
