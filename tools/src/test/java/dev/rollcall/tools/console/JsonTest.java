package dev.rollcall.tools.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void shouldWriteOneLineInTheOrderGiven() {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("b", 1L);
        inner.put("a", null);
        assertThat(Json.line(List.of(inner, true, 2.5, 7, "say \"hi\"\n")))
                .isEqualTo("[{\"b\":1,\"a\":null},true,2.5,7,\"say \\\"hi\\\"\\n\"]");
    }

    @Test
    void shouldReadObjectsAndPassOverAnythingElse() {
        assertThat(Json.parse("{\"event\":\"ready\"}").path("event").asText()).isEqualTo("ready");
        assertThat(Json.parse("Full thread dump").isMissingNode()).isTrue();
        assertThat(Json.parse("{broken").isMissingNode()).isTrue();
    }
}
