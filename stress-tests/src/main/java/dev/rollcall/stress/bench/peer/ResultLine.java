package dev.rollcall.stress.bench.peer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.HdrHistogram.Histogram;

/** The one JSON line of a run, with the keys of {@code rollcall bench}. One thread. */
final class ResultLine {
    private final ObjectNode fields = JsonNodeFactory.instance.objectNode();

    ResultLine(Settings settings) {
        fields.put("peer", settings.text("t", ""));
        fields.put("w", settings.workload());
        fields.put("mode", settings.text("mode", "default"));
    }

    ResultLine with(String key, long value) {
        fields.put(key, value);
        return this;
    }

    ResultLine with(String key, double value, int decimals) {
        fields.put(key, BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP));
        return this;
    }

    /** Percentiles, divided by so much, and with {@code hdr=1} all of it, undivided. */
    ResultLine with(Histogram histogram, int divisor, Settings settings) {
        with("p50_ns", histogram.getValueAtPercentile(50) / divisor);
        with("p99_ns", histogram.getValueAtPercentile(99) / divisor);
        with("p999_ns", histogram.getValueAtPercentile(99.9) / divisor);
        if (settings.number("hdr", 0) != 0) {
            ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
            int length = histogram.encodeIntoCompressedByteBuffer(buffer);
            fields.put("hdr", Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length)));
        }
        return this;
    }

    void print() {
        System.out.println(fields);
    }
}
