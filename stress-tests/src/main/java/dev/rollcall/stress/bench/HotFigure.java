package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What one path costs.
 *
 * @param path  which
 * @param nanos an operation, mean
 * @param error half of the 99.9 % interval of it, as JMH says
 * @param bytes allocated by all threads for an operation, mean
 * @param count of samples
 * @param load  of the machine before it, mean of a minute
 */
record HotFigure(HotPath path, double nanos, double error, double bytes, long count, double load) {
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    /** JMH divides what the whole process allocated, its own bookkeeping included, by the operations. */
    private static final double NOTHING_BYTES = 0.5;

    /** Of one benchmark. */
    static HotFigure of(HotPath path, Collection<RunResult> results, double load) {
        if (results.size() != 1) {
            throw new IllegalStateException("one benchmark, one result: path=" + path + " results=" + results.size());
        }
        RunResult result = results.iterator().next();
        Result<?> time = result.getPrimaryResult();
        double bytes = Double.NaN;
        for (Result<?> each : result.getSecondaryResults().values()) {
            bytes = each.getLabel().endsWith(ALLOCATED) ? each.getScore() : bytes;
        }
        return new HotFigure(path, time.getScore(), time.getScoreError(), bytes, time.getSampleCount(), load);
    }

    static HotFigure of(JsonNode json) {
        return new HotFigure(HotPath.of(json.path("path").asText()), json.path("nanos").asDouble(),
                json.path("error").asDouble(), json.path("bytes").asDouble(), json.path("count").asLong(),
                json.path("load").asDouble());
    }

    ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("path", path.method()).put("nanos", nanos).put("error", error)
                .put("bytes", bytes).put("count", count).put("load", load);
    }

    boolean allocatesNothing() {
        return Math.abs(bytes) < NOTHING_BYTES;
    }

    String nanosText() {
        return Metric.digits(nanos) + (Double.isNaN(error) ? "" : " +- " + Metric.digits(error));
    }

    String bytesText() {
        return allocatesNothing() ? "0" : String.format(Locale.ROOT, "%.0f", bytes);
    }

    /** What this costs beside what that does: both were measured apart, so their errors add up as squares. */
    HotFigure beside(HotFigure that) {
        return new HotFigure(path, nanos - that.nanos, Math.hypot(error, that.error), bytes - that.bytes,
                Math.min(count, that.count), Math.max(load, that.load));
    }
}
