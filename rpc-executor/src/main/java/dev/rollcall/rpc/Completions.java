package dev.rollcall.rpc;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where user code runs: futures, handlers, listeners. Never the collector, which must not block. Any thread. */
final class Completions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    private final Executor executor;
    private final @Nullable ExecutorService own;

    private Completions(Executor executor, @Nullable ExecutorService own) {
        this.executor = executor;
        this.own = own;
    }

    /** The embedder's, or one thread of the group's own. */
    static Completions of(@Nullable Executor given, GroupThreads threads, String name) {
        if (given != null) {
            return new Completions(given, null);
        }
        ExecutorService own = Executors.newSingleThreadExecutor(task -> threads.newThread(name, task));
        return new Completions(own, own);
    }

    void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the completion executor refuses; a virtual thread takes over", e);
            Thread.startVirtualThread(task);
        }
    }

    /** What was handed over still runs. */
    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
    }
}
