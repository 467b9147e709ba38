package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.WatchedGroup.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.watchdog.micrometer.WatchdogMetrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What meters and the Flight Recorder are told of a suspicion that passes and a death that does not. */
@Timeout(90)
class WatchdogMetricsTest {
    @TempDir
    private Path folder;

    private final WatchedGroup group = new WatchedGroup(3);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        registry.close();
        group.close();
    }

    @Test
    void shouldTellMetersAndRecordingsWhatItFinds() throws IOException {
        group.watch(group.options().floor(Duration.ofMillis(400)));
        WatchdogMetrics metrics = new WatchdogMetrics(group.watchdog(), Tags.of("engine", "a"));
        metrics.bindTo(registry);
        List<RecordedEvent> events;
        long dead;
        try (Recording recording = new Recording()) {
            for (String event : List.of("Suspicion", "SuspicionCleared", "Verdict")) {
                recording.enable("dev.rollcall." + event);
            }
            recording.start();
            group.serve("", 5);
            for (int i = 0; i < 10 && headroom() < 0; i++) {
                group.serve("", 2); // on a busy machine some calls teach nothing
            }
            assertThat(headroom()).isBetween(0.0, 1.0);
            assertThat(gauge("rollcall.step.limit", "method", WatchedGroup.METHOD)).isGreaterThanOrEqualTo(0.4);
            assertThat(gauge("rollcall.group.up")).isEqualTo(1);
            assertThat(count("rollcall.board.calls", "outcome", "completed")).isGreaterThanOrEqualTo(5);

            long slow = group.begin("");
            assertThat(count("rollcall.board.calls", "outcome", "completed")).isEqualTo((double) (slow - 1));
            await(() -> suspected(HangKind.BLOCKED), "a suspicion on the board");
            assertThat(count("rollcall.suspects")).isPositive();
            assertThat(gauge("rollcall.board.in.flight")).isEqualTo(1);
            group.end();
            await(() -> count("rollcall.suspects.cleared") > 0, "the suspicion taken back");
            await(() -> gauge("rollcall.suspects.now") == 0, "nobody suspected");
            assertThat(gauge("rollcall.group.up")).isEqualTo(1);

            dead = group.begin("");
            group.victim().signal(Signal.KILL);
            await(() -> count("rollcall.verdicts", "kind", "DEAD", "acted", "true") > 0, "a verdict counted");
            await(() -> gauge("rollcall.group.up") == 0, "red");
            recording.stop();
            Path file = folder.resolve("watchdog.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }
        assertThat(count("rollcall.verdicts", "kind", "DEAD", "acted", "true")).isEqualTo(1);
        assertThat(count("rollcall.verdicts", "kind", "DEAD", "acted", "false")).isZero();
        assertThat(count("rollcall.verdicts", "kind", "STOPPED", "acted", "true")).isZero();
        assertThat(registry.get("rollcall.detection").functionTimer().count()).isEqualTo(1);
        assertThat(count("rollcall.watchdog.ticks")).isGreaterThan(20);
        assertThat(registry.get("rollcall.watchdog.tick.work").functionTimer().totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
        double delay = gauge("rollcall.watchdog.tick.delay");
        assertThat(gauge("rollcall.watchdog.tick.delay.worst")).isGreaterThanOrEqualTo(delay);
        check(events, dead);

        metrics.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    private static void check(List<RecordedEvent> events, long call) {
        RecordedEvent verdict = of(events, "Verdict", HangKind.DEAD);
        assertThat(verdict.getString("who")).isEqualTo("rank 2");
        assertThat(verdict.getInt("rank")).isEqualTo(2);
        assertThat(verdict.getBoolean("acted")).isTrue();
        assertThat(verdict.getLong("callId")).isEqualTo(call);
        assertThat(verdict.getEventType().getCategoryNames()).containsExactly("Rollcall");
        RecordedEvent suspicion = of(events, "Suspicion", HangKind.BLOCKED);
        assertThat(suspicion.getBoolean("excuse")).isFalse();
        assertThat(suspicion.getDuration("limit")).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        assertThat(suspicion.getString("reason")).contains("started call");
        assertThat(of(events, "SuspicionCleared", HangKind.BLOCKED).getDuration("stoodFor")).isPositive();
    }

    private boolean suspected(HangKind kind) {
        Verdict now = group.board.suspect();
        return now != null && now.kind() == kind && count("rollcall.suspects") > 0;
    }

    private static RecordedEvent of(List<RecordedEvent> events, String name, HangKind kind) {
        return events.stream().filter(event -> event.getEventType().getName().equals("dev.rollcall." + name)
                && event.getString("kind").equals(kind.name())).findFirst().orElseThrow();
    }

    /** -1 while there is none: what the nearest miss left of its limit. */
    private double headroom() {
        var meter = registry.find("rollcall.step.headroom").tags("quantile", "1").gauge();
        return meter == null || Double.isNaN(meter.value()) ? -1 : meter.value();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).tags("engine", "a").gauge().value();
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).tags("engine", "a").functionCounter().count();
    }
}
