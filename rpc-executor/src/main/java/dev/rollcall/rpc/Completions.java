package dev.rollcall.rpc;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where user code runs: futures, handlers, listeners. Never the collector, which must not block. Any thread. */
final class Completions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    /** What those get that were handed over before the group was closed. */
    private static final long GRACE_NANOS = 2_000_000_000;

    private final Executor executor;
    private final @Nullable ExecutorService own;
    private volatile @Nullable Thread thread;

    private Completions(Executor given) {
        executor = given;
        own = null;
    }

    private Completions(GroupThreads threads, String name) {
        own = Executors.newSingleThreadExecutor(task -> {
            Thread made = threads.newThread(name, task);
            thread = made;
            return made;
        });
        executor = own;
    }

    /** The embedder's, or one thread of the group's own. */
    static Completions of(@Nullable Executor given, GroupThreads threads, String name) {
        return given != null ? new Completions(given) : new Completions(threads, name);
    }

    void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the completion executor refuses; a virtual thread takes over", e);
            Thread.startVirtualThread(task);
        }
    }

    /** Whether a completion asks. */
    boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    /**
     * What was handed over to the group's own thread has run when this returns, unless this is that thread, it takes too long,
     * when it still runs, or an interrupt comes.
     */
    @Override
    public void close() {
        close(GRACE_NANOS);
    }

    void close(long graceNanos) {
        if (own == null) {
            return;
        }
        own.shutdown();
        if (!isOwnThread()) {
            try {
                boolean _ = own.awaitTermination(graceNanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
