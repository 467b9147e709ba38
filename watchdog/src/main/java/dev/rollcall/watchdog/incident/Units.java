package dev.rollcall.watchdog.incident;

import java.util.List;
import java.util.Locale;

/** Figures as people read them, never broken apart from their unit (a no-break space). Any thread. */
final class Units {
    private static final double SECOND = 1e9;
    private static final List<String> NUMBERS = List.of("no", "one", "two", "three", "four", "five", "six", "seven",
            "eight", "nine", "ten", "eleven", "twelve");

    private Units() {
    }

    /** "0.56 s"; whole seconds from a hundred on. */
    static String seconds(long nanos) {
        double s = nanos / SECOND;
        return String.format(Locale.ROOT, Math.abs(s) < 100 ? "%.2f\u00a0s" : "%.0f\u00a0s", s);
    }

    /** "+0.56 s", with a true minus sign for times before the fault. */
    static String offset(long nanos) {
        return (nanos < 0 ? "\u2212" : "+") + seconds(Math.abs(nanos));
    }

    /** The coarser the longer: "0.3 ms", "54 ms", "2.3 s", "312 s". */
    static String age(long nanos) {
        double ms = nanos / 1e6;
        if (ms < 10) {
            return String.format(Locale.ROOT, nanos == 0 ? "%.0f\u00a0ms" : "%.1f\u00a0ms", ms);
        }
        if (ms < 1000) {
            return String.format(Locale.ROOT, "%.0f\u00a0ms", ms);
        }
        return String.format(Locale.ROOT, ms < 100_000 ? "%.1f\u00a0s" : "%.0f\u00a0s", ms / 1e3);
    }

    static String count(long n, String one, String many) {
        return (n >= 0 && n < NUMBERS.size() ? NUMBERS.get((int) n) : Long.toString(n)) + " " + (n == 1 ? one : many);
    }

    /** "4 calls", for figures that are measurements. */
    static String figure(long n, String one, String many) {
        return n + "\u00a0" + (n == 1 ? one : many);
    }

    static String bytes(long bytes) {
        if (bytes < 10 * 1024) {
            return bytes + " B";
        }
        return bytes < 10 * 1024 * 1024 ? bytes / 1024 + " KiB" : bytes / (1024 * 1024) + " MiB";
    }

    static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** Sorted ranks as ranges: "0-4, 6, 7". */
    static String ranges(List<Integer> ranks) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < ranks.size()) {
            int j = i;
            while (j + 1 < ranks.size() && ranks.get(j + 1) == ranks.get(j) + 1) {
                j++;
            }
            String separator = text.isEmpty() ? "" : ", ";
            int first = ranks.get(i);
            switch (j - i) {
                case 0 -> text.append(separator).append(first);
                case 1 -> text.append(separator).append(first).append(", ").append(first + 1);
                default -> text.append(separator).append(first).append('-').append(ranks.get(j));
            }
            i = j + 1;
        }
        return text.toString();
    }
}
