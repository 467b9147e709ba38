package dev.rollcall.stress.kill;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** What a survivor does meanwhile, on a thread of its own. */
final class Act {
    private static final int FRAMES = 12;

    private final String name;
    private final Ledger ledger;
    private final FutureTask<Boolean> task;
    private final Thread thread;

    Act(String name, Ledger ledger, Callable<Boolean> work) {
        this.name = name;
        this.ledger = ledger;
        this.task = new FutureTask<>(work);
        this.thread = Thread.ofPlatform().daemon().name("act-" + name).start(task);
    }

    boolean isDone() {
        return task.isDone();
    }

    /** Waits for its end; one that does not come is a trouble, and the thread is sent home. */
    void end(Duration bound) throws InterruptedException {
        try {
            boolean _ = task.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hanging) {
            ledger.trouble(name + " hangs at " + Arrays.stream(thread.getStackTrace()).limit(FRAMES)
                    .map(StackTraceElement::toString).collect(Collectors.joining(" < ")));
            thread.interrupt();
        } catch (ExecutionException broken) {
            ledger.trouble(name + " broke: " + broken.getCause());
        }
    }
}
