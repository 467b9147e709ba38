package dev.rollcall.stress.bench.peer;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** The {@code key=value} words of a run, those of {@code rollcall bench} and {@code t}, the transport. */
final class Settings {
    static final String ROLE = "role";
    static final String DIRECTORY = "dir";
    static final String INDEX = "idx";
    private final Map<String, String> values = new LinkedHashMap<>();

    Settings(List<String> words) {
        words.forEach(this::put);
    }

    private void put(String word) {
        int equals = word.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("expected key=value: word=" + word);
        }
        values.put(word.substring(0, equals), word.substring(equals + 1));
    }

    /** The words again, with these set. */
    List<String> with(String... more) {
        Settings all = new Settings(words());
        List.of(more).forEach(all::put);
        return all.words();
    }

    private List<String> words() {
        return values.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    int number(String key, int otherwise) {
        String value = values.get(key);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    long nanos(String key, int otherwiseMillis) {
        return number(key, otherwiseMillis) * 1_000_000L;
    }

    Path directory() {
        return Path.of(text(DIRECTORY, ""));
    }

    String workload() {
        return text("w", "");
    }

    int readers() {
        return number("readers", 1);
    }

    int size() {
        return number("size", 64);
    }

    /** A new one per waiting side. What does not spin or yield backs off as Aeron and Agrona do by default. */
    IdleStrategy idle() {
        return switch (text("mode", "default")) {
            case "spin" -> new BusySpinIdleStrategy();
            case "yield" -> new YieldingIdleStrategy();
            default -> new BackoffIdleStrategy();
        };
    }
}
