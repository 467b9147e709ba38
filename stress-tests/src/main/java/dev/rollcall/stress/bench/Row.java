package dev.rollcall.stress.bench;

import org.jspecify.annotations.Nullable;

/**
 * A line of the table: the product and one rival in one case by one metric, or the product alone against a ceiling.
 *
 * @param work    the case
 * @param peer    the rival, empty for a ceiling
 * @param mode    the rival's, empty for a ceiling
 * @param metric  of what
 * @param own     the product's median
 * @param theirs  the rival's median, NaN for a ceiling
 * @param ratio   of the pairs, or of the product's own values for a ceiling
 * @param bar     what it is held to, empty if to nothing
 * @param aim     whether the bar is only aimed at
 * @param verdict null if it is held to nothing
 * @param note    why there are no figures, or what else there is to know
 */
record Row(Case work, String peer, String mode, Metric metric, double own, double theirs, Interval ratio, String bar,
        boolean aim, @Nullable Verdict verdict, String note) {

    String peerAndMode() {
        return peer.isEmpty() ? "-" : peer + " (" + mode + ")";
    }

    String ownText() {
        return Double.isNaN(own) ? "-" : metric.format(own);
    }

    String theirText() {
        return Double.isNaN(theirs) ? "-" : metric.format(theirs);
    }

    /** A ratio is a number, what is under a ceiling has its unit. */
    String ratioText() {
        if (ratio.count() == 0) {
            return "-";
        }
        String range = ratio.exists() ? " [" + text(ratio.low()) + ", " + text(ratio.high()) + "]" : "";
        return text(ratio.median()) + range;
    }

    private String text(double value) {
        return peer.isEmpty() ? metric.format(value) : Metric.digits(value);
    }

    String verdictText() {
        String why = note.isEmpty() ? "" : (verdict == null ? "" : ", ") + note;
        return (verdict == null ? "" : verdict) + why;
    }
}
