package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/** A HdrHistogram log per case and peer, an interval per run: nanoseconds of whole rounds, also in W1. One thread. */
final class Histograms {
    private static final long LONGEST_NANOS = 10_000_000_000L;
    private final Path folder;

    Histograms(Path folder) {
        this.folder = folder;
    }

    private Path log(String caseId, String peer) {
        return folder.resolve(caseId + "-" + peer + ".hlog");
    }

    /** Moves a run's histogram, if it has one, out of its line into the log. */
    void take(String caseId, String peer, ObjectNode result) {
        JsonNode encoded = result.remove("hdr");
        JsonNode counts = result.remove("counts");
        if (encoded != null) {
            append(log(caseId, peer), decoded(encoded.asText()));
        } else if (counts != null) {
            append(log(caseId, peer), counted(counts));
        }
    }

    private static Histogram decoded(String encoded) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
            return Histogram.decodeFromCompressedByteBuffer(buffer, 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a histogram", e);
        }
    }

    /** Values and their counts in turn. */
    private static Histogram counted(JsonNode counts) {
        Histogram histogram = new Histogram(LONGEST_NANOS, 3);
        for (int i = 0; i + 1 < counts.size(); i += 2) {
            histogram.recordValueWithCount(counts.get(i).asLong(), counts.get(i + 1).asLong());
        }
        return histogram;
    }

    private void append(Path file, Histogram histogram) {
        try {
            Files.createDirectories(folder);
            boolean first = !Files.exists(file);
            try (PrintStream out = new PrintStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), false,
                    StandardCharsets.UTF_8)) {
                HistogramLogWriter writer = new HistogramLogWriter(out);
                if (first) {
                    writer.outputComment("[nanoseconds of whole rounds; an interval per run]");
                    writer.outputLogFormatVersion();
                    writer.outputLegend();
                }
                double now = System.currentTimeMillis() / 1e3;
                writer.outputIntervalHistogram(now, now, histogram, 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All runs together; null when none was logged. */
    @Nullable
    Histogram all(String caseId, String peer) {
        Path file = log(caseId, peer);
        if (!Files.exists(file)) {
            return null;
        }
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            Histogram all = new Histogram(LONGEST_NANOS, 3);
            for (EncodableHistogram next = reader.nextIntervalHistogram(); next != null; next =
                    reader.nextIntervalHistogram()) {
                all.add((Histogram) next);
            }
            return all.getTotalCount() == 0 ? null : all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
