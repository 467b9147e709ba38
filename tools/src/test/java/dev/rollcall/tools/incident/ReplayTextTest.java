package dev.rollcall.tools.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.tools.console.Json;
import dev.rollcall.watchdog.Ages;
import dev.rollcall.watchdog.Diagnoser;
import dev.rollcall.watchdog.DriverSnapshot;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.LimitTable;
import dev.rollcall.watchdog.ProcessFacts;
import dev.rollcall.watchdog.RankSnapshot;
import dev.rollcall.watchdog.Replay;
import dev.rollcall.watchdog.ThreadFacts;
import dev.rollcall.watchdog.Timeline;
import dev.rollcall.watchdog.WatchdogHealth;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A rank that is stopped in a call, ten readings long. */
class ReplayTextTest {
    private static final long TICK = 50_000_000L;
    private static final LimitTable LIMITS = new LimitTable(1_000_000_000L, 300_000_000_000L, 5, List.of());
    private final Incident incident = incident();

    @Test
    void shouldSayThatTheVerdictIsTheSame() {
        List<String> lines = text(Replay.of(incident), true).lines();

        assertThat(lines.getFirst()).contains("saved    rank 0 STOPPED: state T", "floor=1.0s");
        assertThat(lines.get(1)).startsWith("  +0.50 s").contains("act      rank 0 STOPPED");
        assertThat(lines.getLast()).isEqualTo("the same verdict, word for word");
    }

    @Test
    void shouldSayHowMuchEarlierItWouldHaveActed() {
        List<String> lines = text(Replay.withFloor(incident, Duration.ofMillis(500)), false).lines();

        assertThat(lines.getLast()).isEqualTo("with floor=500ms it would have acted 0.25 s earlier");
    }

    @Test
    void shouldSayThatItWouldNotHaveActedYet() {
        List<String> lines = text(Replay.withFloor(incident, Duration.ofSeconds(5)), false).lines();

        assertThat(lines.getLast()).startsWith("with floor=5.0s nobody would have been acted on by then");
    }

    @Test
    void shouldSayTheSameInJson() {
        JsonNode json = Json.parse(Json.line(text(Replay.of(incident), true).json()));

        assertThat(json.path("same").asBoolean()).isTrue();
        assertThat(json.at("/act/kind").asText()).isEqualTo("STOPPED");
        assertThat(json.at("/act/atMs").asLong()).isEqualTo(500);
    }

    private ReplayText text(Replay replay, boolean sameLimits) {
        return new ReplayText(incident, replay, sameLimits);
    }

    private static Incident incident() {
        List<GroupSnapshot> window = IntStream.rangeClosed(0, 10).mapToObj(ReplayTextTest::snapshot).toList();
        Finding found = new Diagnoser().diagnose(window, LIMITS).act().orElseThrow();
        Verdict verdict = new Verdict(1, Tier.ACT, found.kind(), found.rank(), found.callId(), found.confidence(),
                found.victims(), found.reason(), "");
        return new Incident(Incident.SCHEMA, "test", verdict, found.limitNanos(), found.runnerUp(), LIMITS, window, 11,
                new WatchdogHealth(1, 11, TICK, 0, 0, 0, 0), new Timeline(0, TICK, 0, 0, 11 * TICK, 0), List.of());
    }

    private static GroupSnapshot snapshot(int number) {
        RankStatus status = new RankStatus(0, null, 11, 12, Phase.READY, 2, 5, 5, 4, 4, "execute_model", "decode", 9, 9,
                List.of(), null, null);
        long age = number * TICK;
        Ages ages = new Ages(0, 0, 0, age, age, age, number + 1, 0, 0, 0);
        ThreadFacts stopped = new ThreadFacts(11, 'T', 0, 0, 0, "do_signal_stop", "", 0);
        DriverStatus driver = new DriverStatus(null, 1, 2, Phase.READY, 2, 100 + number, 9, 5, 4, 0);
        return new GroupSnapshot(number + 1, TICK + age, 0, "g", 1,
                new DriverSnapshot(driver, ProcessFacts.NONE, Ages.ZERO),
                List.of(new RankSnapshot(status, ProcessFacts.of(false, stopped, null), ages)), List.of(), null,
                List.of());
    }
}
