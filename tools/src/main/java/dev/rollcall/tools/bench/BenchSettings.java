package dev.rollcall.tools.bench;

import dev.rollcall.shm.RingConfig;
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
    private static final long LARGE_RING = 4 << 20;
    private static final int LARGE_MESSAGE = 100_000;
    private static final List<String> TEXTS = List.of("w", "mode");
    private static final List<String> SWITCHES = List.of("warmup", "hdr");
    /** What a user may set, with the least it can be. */
    private static final Map<String, Integer> LEAST = least();

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

    private static Map<String, Integer> least() {
        Map<String, Integer> least = new LinkedHashMap<>();
        least.put("readers", 1);
        least.put("size", 16);
        least.put("batch", 1);
        least.put("gap_us", 0);
        least.put("capacity", 1);
        least.put("warmup", 0);
        least.put("warm_ms", 0);
        least.put("ms", 1);
        least.put("idle_ms", 0);
        least.put("hdr", 0);
        return least;
    }

    /** What a user has set; the processes of a run tell each other more. */
    void validate() {
        for (String key : values.keySet()) {
            if (!TEXTS.contains(key) && !LEAST.containsKey(key)) {
                throw new IllegalArgumentException("unknown key: " + key + " (known: " + String.join(", ", TEXTS) + ", "
                        + String.join(", ", LEAST.keySet()) + ")");
            }
        }
        LEAST.forEach((key, least) -> {
            if (number(key, least) < least) {
                throw new IllegalArgumentException(
                        key + " must be at least " + least + ": " + key + "=" + text(key, ""));
            }
        });
        SWITCHES.forEach(key -> {
            if (number(key, 0) > 1) {
                throw new IllegalArgumentException(key + " must be 0 or 1: " + key + "=" + text(key, ""));
            }
        });
        if (!List.of("W1", "W2", "W3").contains(text("w", ""))) {
            throw new IllegalArgumentException("w must be W1, W2 or W3: w=" + text("w", ""));
        }
        mode();
        if (readers() > 64) {
            throw new IllegalArgumentException("readers must be 1 to 64: readers=" + readers());
        }
        RingConfig.of(capacity(), readers());
        if (size() > capacity() / 2) {
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
