package dev.rollcall.rpc;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/** How calls ended, over all epochs. Any thread. */
final class CallCounters {

    final AtomicLong issued = new AtomicLong();
    final AtomicLong retried = new AtomicLong();
    final AtomicLong late = new AtomicLong();
    final AtomicLong unknown = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();

    void ended(Object outcome) {
        AtomicLong counter = switch (outcome) {
            case CallTimeoutException timeout -> timedOut;
            case CancellationException cancel -> cancelled;
            case Throwable error -> failed;
            default -> completed;
        };
        counter.incrementAndGet();
    }

    CollectiveExecutor.Counters snapshot(int inFlight) {
        return new CollectiveExecutor.Counters(issued.get(), completed.get(), failed.get(), timedOut.get(),
                cancelled.get(), retried.get(), late.get(), unknown.get(), inFlight);
    }
}
