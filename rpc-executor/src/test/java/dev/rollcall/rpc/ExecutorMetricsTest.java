package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.rollcall.rpc.MethodCalls.Outcome;
import dev.rollcall.rpc.micrometer.ExecutorMetrics;

@Timeout(60)
class ExecutorMetricsTest {

    private final CollectiveExecutor group = CollectiveExecutor.builder(ThreadLauncher.of(TestWorker::new), 2)
            .defaultTimeout(TestGroup.SECONDS_10).start();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ExecutorMetrics metrics = new ExecutorMetrics(group, Tags.of("engine", "a"));

    @AfterEach
    void close() {
        metrics.close();
        registry.close();
        group.close();
    }

    @Test
    void shouldCountPerMethodHowCallsEnd() throws Exception {
        call("rank", "");
        metrics.bindTo(registry);
        call("rank", "");
        call("sleep", "30");
        assertThatThrownBy(() -> call("fail", "1 exception")).isInstanceOf(RemoteCallException.class);
        CompletableFuture<CallResult> late = group.call("poll", MemorySegment.NULL,
                CallOptions.allRanks().within(Duration.ofMillis(50)));
        assertThat(late).failsWithin(TestGroup.SECONDS_10);
        CompletableFuture<CallResult> given = group.call("poll", MemorySegment.NULL);
        assertThat(inFlight()).isEqualTo(1);
        assertThat(given.cancel(false)).isTrue();

        assertThat(ended("rank", "completed")).isEqualTo(2);
        assertThat(ended("sleep", "completed")).isEqualTo(1);
        assertThat(ended("fail", "failed")).isEqualTo(1);
        assertThat(ended("poll", "timed_out")).isEqualTo(1);
        assertThat(ended("poll", "cancelled")).isEqualTo(1);
        assertThat(inFlight()).isZero();
        assertThat(counter("rollcall.calls.issued")).isEqualTo(6);
        Timer durations = registry.get("rollcall.calls.duration").tags("engine", "a", "method", "sleep").timer();
        assertThat(durations.count()).isEqualTo(1);
        assertThat(durations.totalTime(TimeUnit.MILLISECONDS)).isBetween(30.0, 20_000.0);
        assertThat(durations.takeSnapshot().histogramCounts()).isNotEmpty();
        // as the totals have it
        CollectiveExecutor.Counters totals = group.counters();
        assertThat(List.of(totals.completed(), totals.failed(), totals.timedOut(), totals.cancelled()))
                .containsExactly(3L, 1L, 1L, 1L);
    }

    @Test
    void shouldTellOfRestartsAndOfTheState() throws InterruptedException {
        metrics.bindTo(registry);
        assertThat(registry.get("rollcall.group.ready").gauge().value()).isEqualTo(1);
        group.restart();
        assertThat(counter("rollcall.group.restarts")).isEqualTo(1);
        assertThat(counter("rollcall.group.failures")).isZero();
        group.close();
        assertThat(registry.get("rollcall.group.ready").gauge().value()).isZero();
    }

    @Test
    void shouldLeaveNoMeterBehindSoThatTheNextGroupCanHaveTheNames() {
        call("rank", "");
        metrics.bindTo(registry);
        assertThat(registry.getMeters()).hasSizeGreaterThan(10);

        metrics.close();
        call("nothing", "");

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void shouldTellOfEachMethodOnceAndSurviveWhatListenersThrow() {
        Map<String, MethodCalls> met = new ConcurrentHashMap<>();
        List<String> names = new CopyOnWriteArrayList<>();
        call("rank", "");
        group.onMethod(calls -> {
            throw new IllegalStateException("bad listener");
        });
        group.onMethod(calls -> {
            met.put(calls.method(), calls);
            names.add(calls.method());
            calls.onCompleted(nanos -> {
                throw new IllegalStateException("bad listener");
            });
        });
        call("rank", "");
        call("nothing", "");
        call("nothing", "");

        assertThat(names).containsExactly("rank", "nothing");
        assertThat(met.get("nothing").ended(Outcome.COMPLETED)).isEqualTo(2);
    }

    private void call(String method, String arguments) {
        CallResult _ = TestGroup.get(group.call(method, TestWorker.text(arguments)));
    }

    private double ended(String method, String outcome) {
        return registry.get("rollcall.calls").tags("engine", "a", "method", method, "outcome", outcome)
                .functionCounter().count();
    }

    private double counter(String name) {
        return registry.get(name).functionCounter().count();
    }

    private double inFlight() {
        return registry.get("rollcall.calls.in.flight").gauge().value();
    }
}
