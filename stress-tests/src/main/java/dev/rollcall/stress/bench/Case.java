package dev.rollcall.stress.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One thing that is measured: the product and its rivals at the same work.
 *
 * @param id       what files and {@code --only} call it
 * @param title    what people call it
 * @param metric   what it is about
 * @param mode     the product's
 * @param work     the words everybody gets
 * @param own      the words only the product gets
 * @param rivals   who else does it
 * @param ceilings what the product's own figures are held to
 * @param most     no more pairs than this, however many are asked for
 */
record Case(String id, String title, Metric metric, String mode, List<String> work, List<String> own,
        List<Rival> rivals, List<Ceiling> ceilings, int most) {
    /** Whatever is asked for. */
    static final int ALL = Integer.MAX_VALUE;

    /** The product's name. */
    static final String PRODUCT = "rollcall";

    /**
     * One who does the same.
     *
     * @param peer which
     * @param mode how it waits
     * @param bars what the paired ratios are held to
     * @param own  the words only it gets
     * @param most no more pairs than this
     */
    record Rival(String peer, String mode, List<Bar> bars, List<String> own, int most) {
        static Rival of(String peer, String mode, Bar... bars) {
            return new Rival(peer, mode, List.of(bars), List.of(), ALL);
        }

        Rival atMost(int pairs) {
            return new Rival(peer, mode, bars, own, pairs);
        }

        Rival with(String... words) {
            return new Rival(peer, mode, bars, List.of(words), most);
        }
    }

    /**
     * What a ratio, product by rival, is held to.
     *
     * @param metric of what
     * @param factor at least or at most, as is better
     * @param aim    whether it is only aimed at
     */
    record Bar(Metric metric, double factor, boolean aim) {
        static Bar p50(double factor) {
            return new Bar(Metric.P50, factor, false);
        }

        static Bar p99(double factor) {
            return new Bar(Metric.P99, factor, false);
        }

        static Bar rate(double factor) {
            return new Bar(Metric.RATE, factor, false);
        }

        Bar onlyAimedAt() {
            return new Bar(metric, factor, true);
        }

        @Override
        public String toString() {
            return (aim ? "aim " : "") + (metric.higherIsBetter() ? ">= " : "<= ") + Metric.digits(factor) + " x";
        }
    }

    /**
     * What a figure of the product is held to.
     *
     * @param metric of what
     * @param limit  at most
     */
    record Ceiling(Metric metric, double limit) {
    }

    /** The words for one participant; its own instead of the common ones. */
    List<String> words(String peer) {
        Map<String, String> words = new LinkedHashMap<>();
        boolean product = peer.equals(PRODUCT);
        Stream.of(work, List.of("mode=" + (product ? mode : rival(peer).mode)), product ? own : rival(peer).own)
                .flatMap(List::stream).forEach(word -> words.put(word.split("=", 2)[0], word));
        return List.copyOf(words.values());
    }

    private Rival rival(String peer) {
        return rivals.stream().filter(rival -> rival.peer.equals(peer)).findFirst().orElseThrow();
    }

    /** Whether one of these names, such as W1 or w2-64, is the beginning of its id. */
    boolean isOneOf(List<String> names) {
        return names.stream().anyMatch(name -> (id + "-").startsWith(name.toLowerCase(Locale.ROOT) + "-"));
    }

    /**
     * Who runs in a round, in which order: the rivals take turns at being next to the product, and every other round goes backwards.
     */
    List<String> order(int round, List<String> wanted) {
        List<String> order = new ArrayList<>(rivals.stream()
                .filter(rival -> round < rival.most && wanted.contains(rival.peer)).map(Rival::peer).toList());
        if (order.isEmpty()) {
            return order;
        }
        Collections.rotate(order, -(round / 2));
        order.addFirst(PRODUCT);
        return round % 2 == 0 ? order : order.reversed();
    }

    /** What one run takes, more or less: time asked for, and the start of its processes. */
    double seconds(String peer) {
        Map<String, Long> numbers = new HashMap<>();
        for (String word : words(peer)) {
            String[] parts = word.split("=", 2);
            if (parts[1].matches("[0-9]+")) {
                numbers.put(parts[0], Long.parseLong(parts[1]));
            }
        }
        double asked = (numbers.getOrDefault("warm_ms", 0L) + numbers.getOrDefault("ms", 0L)
                + numbers.getOrDefault("idle_ms", 0L)) / 1e3;
        if (peer.equals(Plan.C)) {
            return asked + 0.1;
        }
        return asked + 0.5 + 0.15 * (1 + numbers.getOrDefault("readers", 1L)) + numbers.getOrDefault("warmup", 0L);
    }

    /** The same, taking less or more time. */
    Case scaled(double scale) {
        List<Rival> scaled = rivals.stream()
                .map(rival -> new Rival(rival.peer, rival.mode, rival.bars, scaled(rival.own, scale), rival.most))
                .toList();
        return new Case(id, title, metric, mode, scaled(work, scale), scaled(own, scale), scaled, ceilings, most);
    }

    private static List<String> scaled(List<String> words, double scale) {
        return words.stream().map(word -> {
            String[] parts = word.split("=", 2);
            return List.of("warm_ms", "ms", "idle_ms").contains(parts[0])
                    ? parts[0] + "=" + Math.max(1, Math.round(Long.parseLong(parts[1]) * scale))
                    : word;
        }).toList();
    }
}
