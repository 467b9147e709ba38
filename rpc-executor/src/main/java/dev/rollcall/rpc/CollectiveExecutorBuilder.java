package dev.rollcall.rpc;

import java.time.Duration;
import java.util.concurrent.Executor;

import org.agrona.concurrent.IdleStrategy;

/**
 * What a group is to be. One thread; {@link #start()} may be called once. What is not set here comes from the system
 * property of that meaning (the README has the table), or else is the default.
 */
public final class CollectiveExecutorBuilder {

    private final GroupSettings.Draft draft;

    CollectiveExecutorBuilder(WorkerLauncher launcher, int workers) {
        this.draft = new GroupSettings.Draft(launcher, workers, GroupProperties.system());
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
     * Sizes of the rings. What fits is passed in place; what does not goes through in parts, with one copy more on either
     * side. 4 MiB and 1 MiB if not set.
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
     * The longest arguments and the longest reply; 256 MiB if not set.
     *
     * @param bytes header included, below 2 GiB
     * @return this
     */
    public CollectiveExecutorBuilder maxMessage(long bytes) {
        draft.maxMessage = bytes;
        return this;
    }

    /**
     * How many calls may be in flight at once; 1024 if not set. Further callers wait, within the deadlines of their
     * calls.
     *
     * @param calls at least 1
     * @return this
     */
    public CollectiveExecutorBuilder window(int calls) {
        draft.window = calls;
        return this;
    }

    /**
     * Declares what holds for all calls of one method.
     *
     * @param name    the method
     * @param options its default timeout, whether it may run twice, whether its exceptions are fatal
     * @return this
     */
    public CollectiveExecutorBuilder method(String name, MethodOptions options) {
        draft.methods.put(name, options);
        return this;
    }

    /**
     * Has a group that failed start again by itself: new workers, new files. If not set, it stays failed.
     *
     * @param policy how often, and after what pauses
     * @return this
     */
    public CollectiveExecutorBuilder restart(RestartPolicy policy) {
        draft.restart = policy;
        return this;
    }

    /**
     * Who makes the threads of the driver, instead of {@link GroupThreads#DAEMONS}.
     *
     * @param threads any
     * @return this
     */
    public CollectiveExecutorBuilder threads(GroupThreads threads) {
        draft.threads = threads;
        return this;
    }

    /**
     * How the collector's thread idles, instead of sleeping until a rank rings. One that burns its core answers sooner.
     *
     * @param strategy used by that one thread; must come back within 100 ms
     * @return this
     */
    public CollectiveExecutorBuilder idleStrategy(IdleStrategy strategy) {
        draft.idle = strategy;
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
     * What a call gets when neither it nor its method names a timeout; 60 seconds if not set.
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
     * @param executor must not run tasks on the calling thread: that would be the collector. With {@link #invoked()} it
     *                 may, for the collector is the caller's own thread then
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
