package dev.rollcall.watchdog.micrometer;

import dev.rollcall.shm.ReaderLag;
import dev.rollcall.shm.RingStatus;
import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Headroom;
import dev.rollcall.watchdog.Response;
import dev.rollcall.watchdog.Watchdog;
import dev.rollcall.watchdog.WatchdogCounters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Meters of a watchdog and of the group it watches, under the names in the module's README. Any thread. All of them read
 * what the watchdog counts or has last read anyway: nothing is recorded, and shared memory is not touched. Those of a
 * method come when its limit is learned. A watchdog is not kept from being collected.
 */
public final class WatchdogMetrics implements MeterBinder, AutoCloseable {
    private static final double PERCENT = 100;

    private final Watchdog watchdog;
    private final Tags tags;
    private final List<Registered> registered = new ArrayList<>();
    private boolean closed;

    private record Registered(MeterRegistry registry, Meter meter) {
    }

    /**
     * Meters without tags of the caller's: for one group per registry.
     *
     * @param watchdog whose
     */
    public WatchdogMetrics(Watchdog watchdog) {
        this(watchdog, Tags.empty());
    }

    /**
     * Meters with tags of the caller's, to tell several groups in one registry apart. Not by pid or epoch: a series per
     * restart is one too many.
     *
     * @param watchdog whose
     * @param tags on every meter
     */
    public WatchdogMetrics(Watchdog watchdog, Iterable<Tag> tags) {
        this.watchdog = watchdog;
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindFindings(registry);
        bindGroup(registry);
        bindSelf(registry);
        watchdog.onLearnedClass((method, costClass) -> bindClass(registry, method, costClass));
    }

    private void bindFindings(MeterRegistry registry) {
        for (HangKind kind : HangKind.values()) {
            Tags named = tags.and("kind", kind.name());
            if (Finding.excuses(kind)) {
                count(registry, "rollcall.excuses", "Times somebody was excused", named, of -> of.excuses(kind));
            } else {
                verdicts(registry, kind, named);
            }
        }
        count(registry, "rollcall.suspects", "Suspicions raised", tags, WatchdogCounters::suspects);
        count(registry, "rollcall.suspects.cleared", "Suspicions taken back", tags, WatchdogCounters::cleared);
        gauge(registry, "rollcall.suspects.now", "Suspicions that stand", tags, of -> of.counters().standing());
        add(registry, FunctionTimer.builder("rollcall.detection", watchdog.counters(), WatchdogCounters::verdicts,
                WatchdogCounters::detectionNanos, TimeUnit.NANOSECONDS)
                .description("How long it had lasted when a verdict was reached").tags(tags).register(registry));
    }

    /** Who never acts on a kind has no counter for it; who does may yet be vetoed. */
    private void verdicts(MeterRegistry registry, HangKind kind, Tags named) {
        if (watchdog.responseTo(kind) != Response.OBSERVE) {
            count(registry, "rollcall.verdicts", "Verdicts reached", named.and("acted", "true"),
                    of -> of.actedOn(kind));
        }
        count(registry, "rollcall.verdicts", "Verdicts reached", named.and("acted", "false"),
                of -> of.verdicts(kind) - of.actedOn(kind));
    }

    private void bindGroup(MeterRegistry registry) {
        gauge(registry, "rollcall.group.up", "1 unless the group hangs or is gone", tags,
                of -> of.healthCheck().isUp() ? 1 : 0);
        gauge(registry, "rollcall.board.in.flight", "Calls on the board that have not ended", tags,
                of -> read(of, now -> now.inFlight().size(), 0));
        for (boolean ok : new boolean[]{true, false}) {
            add(registry, FunctionCounter.builder("rollcall.board.calls", watchdog,
                    of -> read(of, now -> ended(now.driver().board(), ok), 0))
                    .description("Calls that ended, as the driver notes them on the board")
                    .tags(tags.and("outcome", ok ? "completed" : "failed")).register(registry));
        }
        for (int rank = 0; rank < watchdog.workers(); rank++) {
            int reader = rank;
            gauge(registry, "rollcall.ring.lag.messages", "Requests this rank has not read yet",
                    tags.and("rank", Integer.toString(rank)),
                    of -> read(of, now -> lag(now.requests(), reader), Double.NaN));
        }
    }

    private void bindSelf(MeterRegistry registry) {
        count(registry, "rollcall.watchdog.ticks", "Ticks made", tags, WatchdogCounters::ticks);
        count(registry, "rollcall.watchdog.ticks.late", "Ticks too late to judge by", tags,
                WatchdogCounters::lateTicks);
        time(registry, "rollcall.watchdog.tick.delay", "Largest lateness of the last 80 ticks", tags,
                of -> of.health().worstStallNanos());
        time(registry, "rollcall.watchdog.tick.delay.worst", "Largest lateness ever", tags,
                of -> of.counters().worstDelayNanos());
        add(registry, FunctionTimer.builder("rollcall.watchdog.tick.work", watchdog.counters(),
                WatchdogCounters::ticks, WatchdogCounters::workNanos, TimeUnit.NANOSECONDS)
                .description("Time spent in ticks").tags(tags).register(registry));
    }

    private void bindClass(MeterRegistry registry, String method, String costClass) {
        Tags named = tags.and("method", method, "class", costClass);
        headroom(registry, named.and("quantile", "0.99"), method, costClass, Headroom::p99Percent);
        headroom(registry, named.and("quantile", "1"), method, costClass, Headroom::maxPercent);
        time(registry, "rollcall.step.limit", "Age at which a call is suspected", named,
                of -> of.limits().limitFor(method, costClass, 0).suspectNanos());
    }

    private void headroom(MeterRegistry registry, Tags named, String method, String costClass,
            ToIntFunction<Headroom> usedPercent) {
        add(registry, Gauge.builder("rollcall.step.headroom", watchdog, of -> of.headroom().stream()
                .filter(row -> row.method().equals(method) && row.costClass().equals(costClass))
                .mapToDouble(row -> Math.max(0, 1 - usedPercent.applyAsInt(row) / PERCENT)).findFirst()
                .orElse(Double.NaN)).description("Part of its limit that a healthy call left unused").baseUnit("ratio")
                .tags(named).register(registry));
    }

    private static long ended(DriverStatus driver, boolean ok) {
        return ok ? driver.completed() : driver.failed();
    }

    private static double lag(@Nullable RingStatus requests, int rank) {
        return requests == null ? Double.NaN
                : requests.readers().stream().filter(reader -> reader.slot() == rank)
                        .mapToDouble(ReaderLag::messages).findFirst().orElse(Double.NaN);
    }

    private static double read(Watchdog watchdog, ToDoubleFunction<GroupSnapshot> value, double before) {
        GroupSnapshot now = watchdog.snapshot();
        return now == null ? before : value.applyAsDouble(now);
    }

    private void count(MeterRegistry registry, String name, String description, Tags named,
            ToLongFunction<WatchdogCounters> value) {
        add(registry, FunctionCounter.builder(name, watchdog.counters(), value::applyAsLong).description(description)
                .tags(named).register(registry));
    }

    private void gauge(MeterRegistry registry, String name, String description, Tags named,
            ToDoubleFunction<Watchdog> value) {
        add(registry, Gauge.builder(name, watchdog, value).description(description).tags(named).register(registry));
    }

    private void time(MeterRegistry registry, String name, String description, Tags named,
            ToLongFunction<Watchdog> nanos) {
        add(registry, TimeGauge.builder(name, watchdog, TimeUnit.NANOSECONDS, nanos::applyAsLong)
                .description(description).tags(named).register(registry));
    }

    private synchronized void add(MeterRegistry registry, Meter meter) {
        if (closed) {
            registry.remove(meter);
        } else {
            registered.add(new Registered(registry, meter));
        }
    }

    /** Removes the meters, so that those of a next watchdog can take their names. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        registered.forEach(each -> each.registry.remove(each.meter));
        registered.clear();
    }
}
