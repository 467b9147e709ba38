package dev.rollcall.rpc;

import java.time.Duration;
import java.util.concurrent.Executor;

/** What a group is to be. One thread; {@link #start()} may be called once. */
public final class CollectiveExecutorBuilder {

    private final GroupSettings.Draft draft;

    CollectiveExecutorBuilder(WorkerLauncher launcher, int workers) {
        this.draft = new GroupSettings.Draft(launcher, workers);
    }

    /**
     * A name instead of a drawn one.
     *
     * @param name 1 to 32 of {@code a-z 0-9 .}
     * @return this
     */
    public CollectiveExecutorBuilder group(String name) {
        draft.group = name;
        return this;
    }

    /**
     * Sizes of the rings; the largest arguments and the largest reply must fit. 4 MiB and 1 MiB if not set.
     *
     * @param requestBytes of the one request ring, a power of two
     * @param replyBytes   of each rank's reply ring, a power of two
     * @return this
     */
    public CollectiveExecutorBuilder rings(long requestBytes, long replyBytes) {
        draft.requestBytes = requestBytes;
        draft.replyBytes = replyBytes;
        return this;
    }

    /**
     * How long workers may take to get ready; 10 minutes if not set, as models are large.
     *
     * @param timeout from the launch
     * @return this
     */
    public CollectiveExecutorBuilder readyTimeout(Duration timeout) {
        draft.readyTimeout = timeout;
        return this;
    }

    /**
     * What a call gets that names no timeout; 60 seconds if not set.
     *
     * @param timeout positive
     * @return this
     */
    public CollectiveExecutorBuilder defaultTimeout(Duration timeout) {
        draft.defaultTimeout = timeout;
        return this;
    }

    /**
     * How long {@link CollectiveExecutor#close()} lets calls in flight end; 5 seconds if not set.
     *
     * @param timeout zero fails them at once
     * @return this
     */
    public CollectiveExecutorBuilder drainTimeout(Duration timeout) {
        draft.drainTimeout = timeout;
        return this;
    }

    /**
     * How long workers get to leave by themselves once the request ring is closed; 2 seconds if not set.
     *
     * @param timeout zero goes straight to SIGTERM
     * @return this
     */
    public CollectiveExecutorBuilder stopTimeout(Duration timeout) {
        draft.stopTimeout = timeout;
        return this;
    }

    /**
     * How long processes are left standing after a failure for an attached watchdog to save evidence; 2 seconds if not
     * set. Calls do not wait for it.
     *
     * @param timeout zero kills at once
     * @return this
     */
    public CollectiveExecutorBuilder evidenceTimeout(Duration timeout) {
        draft.evidenceTimeout = timeout;
        return this;
    }

    /**
     * Where futures complete and the listener's failure is told, instead of one thread of the group's own.
     *
     * @param executor must not run tasks on the calling thread: that would be the collector
     * @return this
     */
    public CollectiveExecutorBuilder completeOn(Executor executor) {
        draft.completion = executor;
        return this;
    }

    /**
     * Who is told of progress and failure.
     *
     * @param listener any
     * @return this
     */
    public CollectiveExecutorBuilder listener(GroupListener listener) {
        draft.listener = listener;
        return this;
    }

    /**
     * Gives the collector no thread: see {@link CollectiveExecutor#invoker()}.
     *
     * @return this
     */
    public CollectiveExecutorBuilder invoked() {
        draft.invoked = true;
        return this;
    }

    /**
     * Whether a shutdown hook closes the group; true if not set.
     *
     * @param close false when the embedder closes it in its own order
     * @return this
     */
    public CollectiveExecutorBuilder closeOnShutdown(boolean close) {
        draft.closeOnShutdown = close;
        return this;
    }

    /**
     * Creates the files, launches the workers and waits until all are ready.
     *
     * @return a group that takes calls
     * @throws GroupStartException                   when a rank failed or was not ready in time; nothing is left
     * @throws dev.rollcall.shm.RollcallException    when the files could not be created; nothing is left
     */
    public CollectiveExecutor start() {
        return CollectiveExecutor.start(draft.check());
    }
}
