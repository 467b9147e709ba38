package dev.rollcall.shm.testing;

import dev.rollcall.shm.os.Linux;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something running in a thread of its own, whose result or exception the test wants. */
public final class Task<T> {
    private final FutureTask<T> future;
    private final Thread thread;
    private volatile int tid;

    private Task(Callable<T> body) {
        this.future = new FutureTask<>(() -> {
            tid = Linux.gettid();
            return body.call();
        });
        this.thread = new Thread(future, "test-task");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts it. */
    public static <T> Task<T> start(Callable<T> body) {
        return new Task<>(body);
    }

    /** Its result; its own exception passes on. */
    public T join() throws Exception {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            AssertionError late = new AssertionError("task did not end in 20 s");
            late.setStackTrace(thread.getStackTrace());
            throw late;
        }
    }

    public boolean isDone() {
        return future.isDone();
    }

    public void interrupt() {
        thread.interrupt();
    }

    /** Kernel id of its thread, 0 until it runs. */
    public int tid() {
        return tid;
    }
}
