package dev.rollcall.stress.bench;

import java.util.Arrays;

/**
 * The median of some values, and between which of them it lies with at least 95 % confidence: the exact interval of order statistics, that
 * of the sign test. It supposes nothing about how the values are distributed. Below six values there is none.
 *
 * @param count  of values
 * @param median of the values
 * @param low    lower end, NaN if there is none
 * @param high   upper end, NaN if there is none
 */
record Interval(int count, double median, double low, double high) {
    private static final double CONFIDENCE = 0.95;

    static Interval of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        int out = outside(n);
        return new Interval(n, median(sorted), out < 0 ? Double.NaN : sorted[out],
                out < 0 ? Double.NaN : sorted[n - 1 - out]);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /** How many values at either end lie outside; -1 when even all of them are not enough. */
    private static int outside(int n) {
        double tail = 0;
        double probability = Math.pow(0.5, n); // of no value below the median, then of one, two, ...
        int out = -1;
        for (int below = 0; below < n / 2; below++) {
            tail += probability;
            if (1 - 2 * tail < CONFIDENCE) {
                break;
            }
            out = below;
            probability *= (n - below) / (below + 1.0);
        }
        return out;
    }

    boolean exists() {
        return !Double.isNaN(low);
    }
}
