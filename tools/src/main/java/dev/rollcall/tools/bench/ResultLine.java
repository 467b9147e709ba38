package dev.rollcall.tools.bench;

import dev.rollcall.tools.console.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The one JSON line a benchmark prints, with the keys that benchmarks of other transports have too. One thread. */
final class ResultLine {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    ResultLine(BenchSettings settings) {
        fields.put("peer", "rollcall");
        fields.put("w", settings.text("w", ""));
        fields.put("mode", settings.text("mode", "default"));
    }

    ResultLine with(String key, long value) {
        fields.put(key, value);
        return this;
    }

    ResultLine with(String key, double value, int decimals) {
        fields.put(key, BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).doubleValue());
        return this;
    }

    /** Percentiles, divided by so much, and with {@code hdr=1} all of it, undivided. */
    ResultLine with(Histogram histogram, int divisor, BenchSettings settings) {
        with("p50_ns", histogram.getValueAtPercentile(50) / divisor);
        with("p99_ns", histogram.getValueAtPercentile(99) / divisor);
        with("p999_ns", histogram.getValueAtPercentile(99.9) / divisor);
        if (settings.number("hdr", 0) != 0) {
            fields.put("hdr", encoded(histogram));
        }
        return this;
    }

    private static String encoded(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    void print() {
        System.out.println(Json.line(fields));
    }
}
