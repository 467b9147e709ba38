package dev.rollcall.stress.bench;

import java.util.Locale;

/** What an interval says of a bar: met or missed only when all of it lies on that side. */
enum Verdict {
    MET, MISSED, UNDECIDED;

    static Verdict of(Interval interval, double bar, boolean atLeast) {
        if (!interval.exists()) {
            return UNDECIDED;
        }
        if (atLeast ? interval.low() >= bar : interval.high() <= bar) {
            return MET;
        }
        return (atLeast ? interval.high() < bar : interval.low() > bar) ? MISSED : UNDECIDED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
