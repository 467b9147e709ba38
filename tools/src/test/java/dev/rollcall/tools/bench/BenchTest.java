package dev.rollcall.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes, short: that the work is checked and the line is there, not how fast it is. */
class BenchTest {
    @ParameterizedTest
    @ValueSource(strings = {"spin", "yield", "default"})
    void shouldCarryEveryMessageToEveryReader(String mode) throws Exception {
        JsonNode line = run("w=W2", "mode=" + mode, "readers=2", "size=64", "warmup=0", "warm_ms=20", "ms=100");

        assertThat(line.get("errors").asLong()).isZero();
        assertThat(line.get("msgs_s").asDouble()).isPositive();
        assertThat(line.get("readers").asInt()).isEqualTo(2);
    }

    @Test
    void shouldMeasureARoundTripAndAnIdleReader() throws Exception {
        JsonNode line = run("w=W1", "mode=default", "gap_us=1000", "idle_ms=100", "warm_ms=50", "ms=100");

        assertThat(line.get("errors").asLong()).isZero();
        assertThat(line.get("p50_ns").asDouble()).isPositive();
        assertThat(line.get("idle_reader_cpu_pct").asDouble()).isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yield", "block"})
    void shouldGatherFromAllWorkers(String mode) throws Exception {
        JsonNode line = run("w=W3", "mode=" + mode, "readers=2", "warmup=0", "warm_ms=20", "ms=100", "hdr=1");

        assertThat(line.get("errors").asLong()).isZero();
        assertThat(line.get("p50_ns").asDouble()).isPositive();
        assertThat(line.get("calls_s").asDouble()).isPositive();
        ByteBuffer encoded = ByteBuffer.wrap(Base64.getDecoder().decode(line.get("hdr").asText()));
        assertThat(Histogram.decodeFromCompressedByteBuffer(encoded, 0).getTotalCount()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"w=W9", "mode=fast", "readers=0", "readers=x", "size=1", "batch=0", "nonsense", "mod=spin",
            "dir=x", "ms=0", "gap_us=-1", "warmup=2", "capacity=1000"})
    void shouldRefuseWhatItDoesNotUnderstand(String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BenchSettings(List.of("w=W1", word)).validate());
    }

    @Test
    void shouldNameTheKeyItDoesNotKnowAndThoseItDoes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BenchSettings(List.of("w=W1", "mod=spin")).validate())
                .withMessageContaining("unknown key: mod").withMessageContaining("w, mode, readers");
    }

    private static JsonNode run(String... words) throws Exception {
        Process bench = BenchChild.command(List.of(words)).start();
        try {
            String out = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(bench.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(bench.exitValue()).isZero();
            return new ObjectMapper().readTree(out);
        } finally {
            bench.destroyForcibly();
        }
    }
}
