package dev.rollcall.rpc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Calls between two epochs, parked. Their deadlines go on: no collector looks after them, so each has a timer of the
 * JDK's. Any thread.
 */
final class KeptCalls {

    private final CallEnds ends;
    // guarded by this
    private List<PendingCall> calls = new ArrayList<>();

    KeptCalls(CallEnds ends) {
        this.ends = ends;
    }

    /** Parked, with its arguments; again: some rank has received it before. */
    void add(PendingCall call, boolean again) {
        if (again) {
            ends.counters().retried.incrementAndGet();
        }
        synchronized (this) {
            calls.add(call);
        }
        if (call.hasDeadline()) {
            CompletableFuture.delayedExecutor(Math.max(0, call.remainingNanos()), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> timeOut(call));
        }
    }

    /** Does nothing to a call that was sent again or has ended. */
    private void timeOut(PendingCall call) {
        boolean _ = ends.refuse(call, new CallTimeoutException("timed out while the group was restarting " + call
                + " timeout=" + call.timeoutNanos / 1_000_000 + " ms", 0, List.of(), List.of()));
    }

    private synchronized List<PendingCall> take() {
        List<PendingCall> taken = calls;
        calls = new ArrayList<>();
        return taken;
    }

    /** In the order of their making, before anybody else can send; those the epoch does not take are kept on. */
    void send(Epoch epoch) {
        List<PendingCall> taken = take();
        taken.sort(Comparator.comparingLong(call -> call.startNanos));
        for (PendingCall call : taken) {
            call.rearm();
            switch (epoch.sender.send(call, Objects.requireNonNull(call.kept))) {
                case YES, REFUSED -> {
                    // it is under way, or has its outcome
                }
                case EPOCH_OVER -> {
                    synchronized (this) {
                        calls.add(call);
                    }
                }
            }
        }
    }

    void fail(FailureCause cause) {
        for (PendingCall call : take()) {
            boolean _ = ends.refuse(call, cause.forCall(call.toString()));
        }
    }
}
