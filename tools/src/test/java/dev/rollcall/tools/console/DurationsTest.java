package dev.rollcall.tools.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"500ms, 500", "3s, 3000", "2.5s, 2500", "1m, 60000", "1h, 3600000", "' 1 S ', 1000", "0s, 0"})
    void shouldReadWhatPeopleWrite(String text, long millis) {
        assertThat(new Durations().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "-3s", "s", "3 days", "1e3s", "99999999999s"})
    void shouldRefuseTheRest(String text) {
        assertThatThrownBy(() -> new Durations().convert(text)).isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("500ms, 2s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "500ms", "0.5ms", "3s", "2.5s", "90s", "2m", "25h"})
    void shouldWriteWhatItReads(String text) {
        assertThat(Durations.written(new Durations().convert(text))).isEqualTo(text);
    }

    @Test
    void shouldWriteSecondsAndBriefTimes() {
        assertThat(Durations.seconds(550_000_000L)).isEqualTo("0.55");
        assertThat(Durations.brief(20_400_000L)).isEqualTo("20 ms");
        assertThat(Durations.brief(3_040_000_000L)).isEqualTo("3.0 s");
    }
}
