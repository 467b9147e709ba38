package dev.rollcall.tools.console;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 500ms}, {@code 3s}, {@code 2.5s}, {@code 1m}. Any thread. */
public final class Durations implements ITypeConverter<Duration> {
    /** What the help of a command says of its TIME. */
    public static final String HELP = "TIME is a number and a unit: 500ms, 2s, 2.5s, 5m or 1h.";

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
            throw new TypeConversionException("'" + text + "' is not a time (500ms, 2s, 2.5s, 5m, 1h)");
        }
        double nanos = Double.parseDouble(form.group(1)) * UNIT_NANOS.getOrDefault(form.group(2), 0L);
        return Duration.ofNanos((long) nanos);
    }

    /**
     * As a person would write it for this converter, in the largest unit that leaves no fraction.
     *
     * @param duration not negative
     * @return for example {@code 0s}, {@code 500ms}, {@code 2.5s}, {@code 5m}
     */
    public static String written(Duration duration) {
        long nanos = duration.toNanos();
        for (String unit : List.of("h", "m", "s")) {
            long one = UNIT_NANOS.getOrDefault(unit, 1L);
            if (nanos % one == 0 && (nanos != 0 || unit.equals("s"))) {
                return nanos / one + unit;
            }
        }
        String unit = nanos > UNIT_NANOS.getOrDefault("s", 0L) ? "s" : "ms";
        return BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(UNIT_NANOS.getOrDefault(unit, 1L)))
                .stripTrailingZeros().toPlainString() + unit;
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
