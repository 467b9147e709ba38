package dev.rollcall.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.rollcall.rpc.MethodCalls.Outcome;

/** How calls ended and what became of the group, over all epochs. Any thread. */
final class CallCounters {

    private static final Logger LOG = LoggerFactory.getLogger(CallCounters.class);
    /** A group has room for fewer names: what would come beyond is refused as a call, and counted under one name. */
    private static final int MAX_METHODS = 256;

    final AtomicLong issued = new AtomicLong();
    final AtomicLong retried = new AtomicLong();
    final AtomicLong late = new AtomicLong();
    final AtomicLong unknown = new AtomicLong();
    final AtomicLong groupFailures = new AtomicLong();
    final AtomicLong restarts = new AtomicLong();

    private final String group;
    private final MethodCalls others;
    private final ConcurrentHashMap<String, MethodCalls> methods = new ConcurrentHashMap<>();
    // guarded by this
    private final List<Consumer<MethodCalls>> told = new ArrayList<>();

    CallCounters(String group) {
        this.group = group;
        this.others = new MethodCalls(group, "other");
    }

    /** The same one for the same name. */
    MethodCalls of(String method) {
        MethodCalls known = methods.get(method);
        return known != null ? known : meet(method);
    }

    private synchronized MethodCalls meet(String method) {
        MethodCalls known = methods.get(method);
        if (known != null) {
            return known;
        }
        if (methods.size() >= MAX_METHODS) {
            return others;
        }
        MethodCalls met = new MethodCalls(group, method);
        methods.put(method, met);
        told.forEach(listener -> tell(listener, met));
        return met;
    }

    /** Of each method once: those there are now, and each that comes. */
    synchronized void onMethod(Consumer<MethodCalls> listener) {
        told.add(listener);
        methods.values().forEach(met -> tell(listener, met));
    }

    private static void tell(Consumer<MethodCalls> listener, MethodCalls met) {
        try {
            listener.accept(met);
        } catch (RuntimeException e) {
            LOG.error("listener for methods threw method={}", met.method(), e);
        }
    }

    private long ended(Outcome outcome) {
        long sum = others.ended(outcome);
        for (MethodCalls each : methods.values()) {
            sum += each.ended(outcome);
        }
        return sum;
    }

    CollectiveExecutor.Counters snapshot(int inFlight) {
        return new CollectiveExecutor.Counters(issued.get(), ended(Outcome.COMPLETED), ended(Outcome.FAILED),
                ended(Outcome.TIMED_OUT), ended(Outcome.CANCELLED), retried.get(), late.get(), unknown.get(), inFlight,
                groupFailures.get(), restarts.get());
    }
}
