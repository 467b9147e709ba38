package dev.rollcall.tools.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StyleTest {
    @Test
    void shouldColourOnlyATerminal() {
        assertThat(Style.allowed(true, Map.of())).isTrue();
        assertThat(Style.allowed(false, Map.of())).isFalse();
    }

    @Test
    void shouldHonourNoColorAndDumbTerminals() {
        assertThat(Style.allowed(true, Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(Style.allowed(true, Map.of("NO_COLOR", ""))).isTrue();
        assertThat(Style.allowed(true, Map.of("TERM", "dumb"))).isFalse();
    }

    @Test
    void shouldLeaveTheLettersAlone() {
        assertThat(Style.PLAIN.bad("x") + Style.PLAIN.good("x") + Style.PLAIN.faint("x")).isEqualTo("xxx");
        assertThat(new Style(true).bad("x")).startsWith("\u001b[").endsWith("\u001b[0m").contains("x");
    }
}
