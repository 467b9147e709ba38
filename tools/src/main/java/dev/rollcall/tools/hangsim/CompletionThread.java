package dev.rollcall.tools.hangsim;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Where the driver's futures complete. The collector hands tasks over here, and that is where it can be caught: told to,
 * the handing over never returns, as with an executor that runs what it is given on its caller's thread.
 */
final class CompletionThread implements Executor, AutoCloseable {
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("completion").factory());
    private volatile @Nullable Runnable begun;

    /** The next caller spins for ever, after it has told so. */
    void spinInstead(Runnable told) {
        begun = told;
    }

    @Override
    public void execute(Runnable task) {
        Runnable spin = begun;
        if (spin != null) {
            spin.run();
            Hangs.spin();
        }
        thread.execute(task);
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
