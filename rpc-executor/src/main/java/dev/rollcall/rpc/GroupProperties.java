package dev.rollcall.rpc;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** {@code rollcall.*} properties, read when a builder is made. A value that cannot be read is an error, not a default. */
final class GroupProperties {

    static final String PREFIX = "rollcall.";

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15})\\s*([a-z]*)");

    private final UnaryOperator<@Nullable String> source;

    GroupProperties(UnaryOperator<@Nullable String> source) {
        this.source = source;
    }

    static GroupProperties system() {
        return new GroupProperties(name -> System.getProperty(String.valueOf(name)));
    }

    private @Nullable String value(String name) {
        String value = source.apply(PREFIX + name);
        return value == null ? null : value.strip().toLowerCase(Locale.ROOT);
    }

    /** {@code 4m} is 4 MiB. */
    long bytes(String name, long otherwise) {
        String value = value(name);
        if (value == null) {
            return otherwise;
        }
        Matcher number = NUMBER.matcher(value);
        if (number.matches()) {
            long count = Long.parseLong(number.group(1));
            switch (number.group(2)) {
                case "" -> {
                    return count;
                }
                case "k" -> {
                    return Math.multiplyExact(count, 1L << 10);
                }
                case "m" -> {
                    return Math.multiplyExact(count, 1L << 20);
                }
                case "g" -> {
                    return Math.multiplyExact(count, 1L << 30);
                }
                default -> {
                    // said below
                }
            }
        }
        throw unreadable(name, value, "bytes, with k, m or g");
    }

    long number(String name, long otherwise) {
        String value = value(name);
        if (value == null) {
            return otherwise;
        }
        Matcher number = NUMBER.matcher(value);
        if (number.matches() && number.group(2).isEmpty()) {
            return Long.parseLong(number.group(1));
        }
        throw unreadable(name, value, "a number");
    }

    /** {@code 500ms}, {@code 5s}, {@code 10m}, {@code 1h}, or as ISO 8601 has it. */
    Duration duration(String name, Duration otherwise) {
        String value = value(name);
        if (value == null) {
            return otherwise;
        }
        Matcher number = NUMBER.matcher(value);
        if (number.matches()) {
            long count = Long.parseLong(number.group(1));
            switch (number.group(2)) {
                case "ms" -> {
                    return Duration.ofMillis(count);
                }
                case "s" -> {
                    return Duration.ofSeconds(count);
                }
                case "m" -> {
                    return Duration.ofMinutes(count);
                }
                case "h" -> {
                    return Duration.ofHours(count);
                }
                default -> throw unreadable(name, value, "a number with ms, s, m or h");
            }
        }
        try {
            return Duration.parse(value);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(unreadable(name, value, "a duration").getMessage(), e);
        }
    }

    boolean flag(String name, boolean otherwise) {
        String value = value(name);
        return switch (value) {
            case null -> otherwise;
            case "true" -> true;
            case "false" -> false;
            default -> throw unreadable(name, value, "true or false");
        };
    }

    /** Null when no intensity is given: a failed group stays failed. */
    @Nullable
    RestartPolicy restart() {
        long intensity = number("restart.intensity", 0);
        if (intensity == 0) {
            return null;
        }
        RestartPolicy defaults = RestartPolicy.defaults();
        return new RestartPolicy((int) Math.min(Integer.MAX_VALUE, intensity),
                duration("restart.period", defaults.period()), duration("restart.pause.first", defaults.firstPause()),
                duration("restart.pause.longest", defaults.longestPause()));
    }

    private static IllegalArgumentException unreadable(String name, String value, String expected) {
        return new IllegalArgumentException(
                "unreadable property " + PREFIX + name + "=" + value + " expected=" + expected);
    }
}
