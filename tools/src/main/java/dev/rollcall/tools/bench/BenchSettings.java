package dev.rollcall.tools.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The {@code key=value} words of a benchmark; what they mean is in {@link BenchCommand}'s help. */
final class BenchSettings {
    static final String DIRECTORY = "dir";
    static final String ROLE = "role";
    static final String INDEX = "idx";
    private static final long SMALL_RING = 1 << 20;
    private static final long LARGE_RING = 16 << 20;
    private static final int LARGE_MESSAGE = 100_000;
    private final Map<String, String> values = new LinkedHashMap<>();

    BenchSettings(List<String> words) {
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("expected key=value: word=" + word);
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
    }

    void validate() {
        if (!List.of("W1", "W2", "W3").contains(text("w", ""))) {
            throw new IllegalArgumentException("w must be W1, W2 or W3: w=" + text("w", ""));
        }
        mode();
        if (readers() < 1 || readers() > 64) {
            throw new IllegalArgumentException("readers must be 1 to 64: readers=" + readers());
        }
        if (batch() < 1) {
            throw new IllegalArgumentException("batch must be positive: batch=" + batch());
        }
        if (size() < 16 || size() > capacity() / 2) {
            throw new IllegalArgumentException(
                    "size must be 16 to half the capacity: size=" + size() + " capacity=" + capacity());
        }
    }

    WaitMode mode() {
        String name = text("mode", "default");
        try {
            return WaitMode.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException("mode must be spin, yield, block or default: mode=" + name, unknown);
        }
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    int number(String key, int otherwise) {
        String value = values.get(key);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number: " + key + "=" + value, e);
        }
    }

    long nanos(String key, int otherwiseMillis) {
        return number(key, otherwiseMillis) * 1_000_000L;
    }

    int readers() {
        return number("readers", 1);
    }

    int size() {
        return number("size", 64);
    }

    /** Messages sent under one wake. One is what a user gets who does nothing about it. */
    int batch() {
        return number("batch", 1);
    }

    boolean hasCapacity() {
        return values.containsKey("capacity");
    }

    long capacity() {
        return number("capacity", (int) (size() > LARGE_MESSAGE ? LARGE_RING : SMALL_RING));
    }

    /** The words again, with these set. */
    List<String> with(String... more) {
        Map<String, String> all = new LinkedHashMap<>(values);
        for (String word : more) {
            int equals = word.indexOf('=');
            all.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return all.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }
}
