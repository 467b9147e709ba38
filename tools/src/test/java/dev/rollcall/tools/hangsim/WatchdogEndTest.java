package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.tools.console.Json;
import org.junit.jupiter.api.Test;

class WatchdogEndTest {
    private static final String FAILED =
            "{\"event\":\"failed\",\"reason\":\"java.lang.OutOfMemoryError: Java heap space\"}";

    private final WatchdogEnd end = new WatchdogEnd();

    private String trouble(Integer exit) {
        return end.trouble(exit, () -> "watchdog exit=" + exit);
    }

    @Test
    void shouldFindNothingWrongWithOneThatLivesOrLeftWithItsGroup() {
        end.heard(Json.parse("{\"event\":\"ended\",\"reason\":\"the group was closed\"}"));

        assertThat(trouble(null)).isNull();
        assertThat(trouble(0)).isNull();
    }

    @Test
    void shouldSayWhyItFailedAlsoWhileItsProcessStillLives() {
        end.heard(Json.parse(FAILED));

        assertThat(trouble(null)).isEqualTo("the watchdog failed: java.lang.OutOfMemoryError: Java heap space");
        assertThat(trouble(1)).isEqualTo(trouble(null));
    }

    @Test
    void shouldSayHowItsProcessEndedWhenItHadNoTimeToSayWhy() {
        assertThat(trouble(137)).isEqualTo("the watchdog ended: watchdog exit=137");
    }
}
