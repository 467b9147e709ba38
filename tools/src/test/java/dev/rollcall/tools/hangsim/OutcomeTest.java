package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.Verdict;
import dev.rollcall.tools.console.Json;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    @Test
    void shouldKeepTheKeysThatScriptsRead() {
        assertThat(Outcomes.of(Fault.SPIN, 5).build().toJson(true).keySet()).containsExactly("fault", "rank", "workers",
                "namedRank", "kind", "limitMs", "detectMs", "failMs", "savedMs", "goneMs", "inFlight", "completed",
                "failed",
                "lost", "duplicated", "falseAlarms", "leftovers", "incident", "ok");
    }

    @Test
    void shouldWriteNullForWhatDoesNotApply() {
        assertThat(Json.line(Outcomes.healthy().build().toJson(true))).isEqualTo("{\"fault\":\"none\",\"rank\":null,"
                + "\"workers\":8,\"namedRank\":null,\"kind\":null,\"limitMs\":null,\"detectMs\":null,\"failMs\":null,"
                + "\"savedMs\":null,\"goneMs\":null,\"inFlight\":0,\"completed\":600,\"failed\":0,\"lost\":0,"
                + "\"duplicated\":0,\"falseAlarms\":0,\"leftovers\":0,\"incident\":\"incidents/7f3a\",\"ok\":true}");
    }

    @Test
    void shouldNameTheDriverAsOnTheCommandLine() {
        assertThat(Outcomes.of(Fault.STOP, Verdict.DRIVER).build().toJson(false))
                .containsEntry("rank", "driver").containsEntry("namedRank", "driver")
                .containsEntry("kind", "DRIVER_HUNG")
                .containsEntry("ok", false);
    }
}
