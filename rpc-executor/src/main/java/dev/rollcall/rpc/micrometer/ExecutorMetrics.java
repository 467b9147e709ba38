package dev.rollcall.rpc.micrometer;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;

import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.CollectiveExecutor.Counters;
import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.rpc.MethodCalls;
import dev.rollcall.rpc.MethodCalls.Outcome;
import dev.rollcall.shm.board.WatchdogState;

/**
 * Meters of a group, under the names in the module's README. Any thread. They read counters that the group keeps anyway;
 * only the duration of a completed call is recorded when it ends, on the completion executor, which allocates nothing.
 * A method's meters come with its first call. A group is not kept from being collected.
 */
public final class ExecutorMetrics implements MeterBinder, AutoCloseable {

    private static final Duration[] BUCKETS = List
            .of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000).stream()
            .map(Duration::ofMillis).toArray(Duration[]::new);

    private final CollectiveExecutor group;
    private final Tags tags;
    private final List<Registered> registered = new ArrayList<>();
    // guarded by this
    private boolean closed;

    private record Registered(MeterRegistry registry, Meter meter) {
    }

    /**
     * Meters without tags of the caller's: for one group per registry.
     *
     * @param group whose
     */
    public ExecutorMetrics(CollectiveExecutor group) {
        this(group, Tags.empty());
    }

    /**
     * Meters with tags of the caller's, to tell several groups in one registry apart. Not by pid or epoch: a series per
     * restart is one too many.
     *
     * @param group whose
     * @param tags on every meter
     */
    public ExecutorMetrics(CollectiveExecutor group, Iterable<Tag> tags) {
        this.group = group;
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "rollcall.calls.issued", "Calls put into the request ring", Counters::issued);
        counter(registry, "rollcall.calls.retried", "Calls made again in a new epoch after a rank had received them",
                Counters::retried);
        counter(registry, "rollcall.replies.late", "Replies to calls that had ended before", Counters::lateReplies);
        counter(registry, "rollcall.replies.unknown", "Replies nobody asked for", Counters::unknownReplies);
        counter(registry, "rollcall.group.failures", "Failures of the group", Counters::groupFailures);
        counter(registry, "rollcall.group.restarts", "Times the group was ready again", Counters::restarts);
        add(registry, Gauge.builder("rollcall.calls.in.flight", group, of -> of.counters().inFlight())
                .description("Calls that have not ended").tags(tags).register(registry));
        add(registry, Gauge.builder("rollcall.group.ready", group, of -> of.state() == State.READY ? 1 : 0)
                .description("1 while calls are taken").tags(tags).register(registry));
        add(registry, Gauge
                .builder("rollcall.group.watchdog.silent", group, of -> of.watchdog() == WatchdogState.SILENT ? 1 : 0)
                .description("1 while a watchdog is attached that does not tick").tags(tags).register(registry));
        group.onMethod(calls -> bind(registry, calls));
    }

    private void bind(MeterRegistry registry, MethodCalls calls) {
        Tags named = tags.and("method", calls.method());
        for (Outcome outcome : Outcome.values()) {
            add(registry, FunctionCounter.builder("rollcall.calls", calls, of -> of.ended(outcome))
                    .description("Calls that ended")
                    .tags(named.and("outcome", outcome.name().toLowerCase(Locale.ROOT))).register(registry));
        }
        Timer durations = Timer.builder("rollcall.calls.duration").description("How long completed calls took")
                .serviceLevelObjectives(BUCKETS).tags(named).register(registry);
        add(registry, durations);
        calls.onCompleted(nanos -> durations.record(nanos, TimeUnit.NANOSECONDS));
    }

    private void counter(MeterRegistry registry, String name, String description,
            ToDoubleFunction<Counters> value) {
        add(registry, FunctionCounter.builder(name, group, of -> value.applyAsDouble(of.counters()))
                .description(description).tags(tags).register(registry));
    }

    private synchronized void add(MeterRegistry registry, Meter meter) {
        if (closed) {
            registry.remove(meter);
        } else {
            registered.add(new Registered(registry, meter));
        }
    }

    /** Removes the meters, so that those of a next group can take their names. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        registered.forEach(each -> each.registry.remove(each.meter));
        registered.clear();
    }
}
