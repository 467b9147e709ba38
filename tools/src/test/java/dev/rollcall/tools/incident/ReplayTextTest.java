package dev.rollcall.tools.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.tools.console.Json;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.Replay;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rank that is stopped in a call, ten readings long. */
class ReplayTextTest {
    private final Incident incident = StoppedRank.incident();

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
}
