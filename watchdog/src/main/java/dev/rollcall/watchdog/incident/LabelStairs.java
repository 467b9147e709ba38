package dev.rollcall.watchdog.incident;

import java.util.ArrayList;
import java.util.List;

/**
 * Places labels to the right of vertical rules so that no label covers another or is crossed by a rule: labels that
 * come too close step down a row, like stairs, the earlier one above. Any thread.
 */
final class LabelStairs {
    private LabelStairs() {
    }

    /**
     * Rows from the top.
     *
     * @param x      places of the rules, ascending
     * @param widths widths of the labels, each beginning at its rule
     * @return the row of each label, 0 at the top
     */
    static int[] rows(double[] x, double[] widths) {
        int[] rows = new int[x.length];
        List<Double> ends = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            // A rule runs down from its label, so every row from here down must be free where it passes.
            int row = ends.size();
            while (row > 0 && ends.get(row - 1) <= x[i]) {
                row--;
            }
            if (row == ends.size()) {
                ends.add(0.0);
            }
            rows[i] = row;
            ends.set(row, x[i] + widths[i]);
        }
        return rows;
    }
}
