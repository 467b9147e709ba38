package dev.rollcall.tools.hangsim;

import dev.rollcall.tools.hangsim.StepPlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small continuous-batching engine: request loops ask, and one thread takes what waits, up to four requests, makes
 * one step of it, and answers them. Each request is ended through the ledger, with its cause if it failed. The step
 * itself is the caller's.
 */
final class StepLoop {
    private static final int BATCH = 4;
    private static final long POLL_MILLIS = 50;
    private static final long GATHER_MILLIS = 1;

    private final RequestLedger ledger;
    private final StepPlan plan;
    private final Stepper stepper;
    private final BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();
    private final List<Thread> loops = new ArrayList<>();
    private final Object pace = new Object();
    private boolean resting; // guarded by pace
    private volatile boolean stopped;
    private volatile @Nullable Throwable firstCause;

    StepLoop(RequestLedger ledger, StepPlan plan, Stepper stepper) {
        this.ledger = ledger;
        this.plan = plan;
        this.stepper = stepper;
    }

    /** Starts the request loops; then {@link #run} serves them. */
    void startRequests(int count) {
        for (int lane = 0; lane < count; lane++) {
            int mine = lane;
            loops.add(Thread.ofVirtual().name("request-" + lane).start(() -> ask(mine)));
        }
    }

    /** No new requests; those that are open still end. Any thread. */
    void stop() {
        stopped = true;
    }

    /** No new requests for now. Any thread. */
    void rest() {
        synchronized (pace) {
            resting = true;
        }
    }

    /** Requests again. Any thread. */
    void go() {
        synchronized (pace) {
            resting = false;
            pace.notifyAll();
        }
    }

    private void awaitGo() throws InterruptedException {
        synchronized (pace) {
            while (resting) {
                pace.wait();
            }
        }
    }

    /**
     * Serves until stopped and empty, or until a step fails: then everything that waits fails with the same cause.
     *
     * @param done   told of each step and how long it took, nanoseconds
     * @param failed told the cause, before any request is
     * @return what failed, null when nothing did
     */
    @Nullable
    Throwable run(BiConsumer<Step, Long> done, Consumer<Throwable> failed) throws InterruptedException {
        while (firstCause == null && !(stopped && idle())) {
            List<Request> batch = nextBatch();
            if (batch.isEmpty()) {
                continue;
            }
            Step step = plan.next();
            long start = System.nanoTime();
            try {
                stepper.step(step, batch.size());
                done.accept(step, System.nanoTime() - start);
                batch.forEach(Request::succeed);
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                stopped = true;
                firstCause = cause;
                failed.accept(cause);
                batch.forEach(request -> request.fail(cause));
            }
        }
        Throwable cause = firstCause;
        while (cause != null && !idle()) {
            Request request = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (request != null) {
                request.fail(cause);
            }
        }
        return cause;
    }

    private boolean idle() {
        return waiting.isEmpty() && loops.stream().noneMatch(Thread::isAlive);
    }

    private List<Request> nextBatch() throws InterruptedException {
        List<Request> batch = new ArrayList<>(BATCH);
        Request next = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        while (next != null) {
            batch.add(next);
            // Those answered by one step come back together: give the slower ones a moment, so that batches stay full.
            next = batch.size() < BATCH ? waiting.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS) : null;
        }
        return batch;
    }

    private void ask(int lane) {
        try {
            awaitGo();
            while (!stopped && askOnce(lane)) {
                awaitGo();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean askOnce(int lane) {
        long id = ledger.submit(lane);
        if (id == RequestLedger.REFUSED) {
            return false;
        }
        Request request = new Request();
        waiting.add(request);
        try {
            request.answer.get();
            ledger.complete(lane, id);
        } catch (ExecutionException failed) {
            ledger.fail(lane, id);
        } catch (InterruptedException stop) {
            ledger.fail(lane, id);
            return false;
        }
        return true;
    }

    /** One step over a batch; fails with the cause the executor gives. */
    interface Stepper {
        void step(Step step, int batch) throws ExecutionException, InterruptedException;
    }

    private static final class Request {
        private final CompletableFuture<Void> answer = new CompletableFuture<>();

        void succeed() {
            answer.complete(null);
        }

        void fail(Throwable cause) {
            answer.completeExceptionally(cause);
        }
    }
}
