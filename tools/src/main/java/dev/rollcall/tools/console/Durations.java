package dev.rollcall.tools.console;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 500ms}, {@code 3s}, {@code 2.5s}, {@code 1m}. Any thread. */
public final class Durations implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h)");
    private static final Map<String, Long> UNIT_NANOS = Map.of(
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);
    private static final double NANOS_PER_SECOND = 1e9;

    /** For picocli. */
    public Durations() {
    }

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is not a duration (500ms, 3s, 2.5s, 1m)");
        }
        double nanos = Double.parseDouble(form.group(1)) * UNIT_NANOS.getOrDefault(form.group(2), 0L);
        return Duration.ofNanos((long) nanos);
    }

    /**
     * Seconds with two decimals, as on the timeline.
     *
     * @param nanos an interval, nanoseconds
     * @return for example {@code 0.55}
     */
    public static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / NANOS_PER_SECOND);
    }

    /**
     * A duration in the largest unit that keeps it readable.
     *
     * @param nanos an interval, nanoseconds
     * @return for example {@code 20 ms} or {@code 3.0 s}
     */
    public static String brief(long nanos) {
        return nanos < 1_000_000_000L
                ? Math.round(nanos / 1e6) + " ms"
                : String.format(Locale.ROOT, "%.1f s", nanos / NANOS_PER_SECOND);
    }
}
