package dev.rollcall.stress.bench;

import java.util.Locale;

/** A figure of a run, under the name it has in the run's JSON line. */
enum Metric {
    P50("p50_ns", "p50", false),
    P99("p99_ns", "p99", false),
    RATE("msgs_s", "messages/s", true),
    IDLE_CPU("idle_reader_cpu_pct", "idle reader CPU", false);

    private final String key;
    private final String title;
    private final boolean higherIsBetter;

    Metric(String key, String title, boolean higherIsBetter) {
        this.key = key;
        this.title = title;
        this.higherIsBetter = higherIsBetter;
    }

    String key() {
        return key;
    }

    String title() {
        return title;
    }

    boolean higherIsBetter() {
        return higherIsBetter;
    }

    /** With its unit, to three digits. */
    String format(double value) {
        return switch (this) {
            case P50, P99 -> value < 1_000_000 ? digits(value / 1e3) + " us" : digits(value / 1e6) + " ms";
            case RATE -> value < 1_000_000 ? digits(value / 1e3) + " k/s" : digits(value / 1e6) + " M/s";
            case IDLE_CPU -> digits(value) + " %";
        };
    }

    static String digits(double value) {
        int decimals = value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
