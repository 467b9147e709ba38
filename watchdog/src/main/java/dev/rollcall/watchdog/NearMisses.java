package dev.rollcall.watchdog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * How close healthy calls came to their limit, per method and cost class: the evidence for the limit that was chosen. Any
 * thread. Calls of a class without a learned limit are not counted, nor are calls under suspicion.
 */
final class NearMisses {
    private static final int HIGHEST_PERCENT = 1000;
    private static final int DIGITS = 2;
    private static final int PERCENT = 100;

    private final Map<String, Map<String, Histogram>> histograms = new LinkedHashMap<>();

    synchronized void record(String method, String costClass, long ageNanos, long limitNanos) {
        long percent = Math.clamp(Math.round((double) PERCENT * ageNanos / limitNanos), 0, HIGHEST_PERCENT);
        histograms.computeIfAbsent(method, name -> new LinkedHashMap<>())
                .computeIfAbsent(costClass, name -> new Histogram(HIGHEST_PERCENT, DIGITS)).recordValue(percent);
    }

    synchronized List<Headroom> rows() {
        List<Headroom> rows = new ArrayList<>();
        histograms.forEach((method, classes) -> classes.forEach((costClass, calls) -> rows.add(new Headroom(method,
                costClass, calls.getTotalCount(), (int) calls.getValueAtPercentile(50),
                (int) calls.getValueAtPercentile(99), (int) calls.getMaxValue()))));
        return rows;
    }
}
