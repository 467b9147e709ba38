package dev.rollcall.watchdog.incident;

import java.util.ArrayList;
import java.util.List;

/**
 * Time to horizontal place. A verdict that came long after its fault breaks the axis into two pieces of one scale, so
 * that both moments stay readable. Immutable, any thread.
 */
final class TimeScale {
    private static final long SECOND = 1_000_000_000L;
    private static final long BEFORE = 2 * SECOND;
    private static final long AFTER = SECOND;
    private static final long AFTER_LAST = 350_000_000L;
    private static final long LONGEST_UNBROKEN = 9 * SECOND;
    private static final double GAP = 26;
    private static final int MOST_TICKS = 40;
    /** Beyond any uptime, and far enough from the ends of a long to add and subtract. */
    private static final long FAR = 1L << 60;

    private final List<Piece> pieces;

    /** One unbroken stretch: times and the places they take. */
    record Piece(long from, long to, double left, double right) {
        double x(long nanos) {
            return left + (right - left) * (nanos - from) / (to - from);
        }
    }

    private TimeScale(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /** Two seconds before the fault to one after it, and on to the last mark. */
    static TimeScale of(long faultNanos, long firstMarkAfter, long lastMarkNanos, double left, double right) {
        long fault = Math.clamp(faultNanos, -FAR, FAR);
        long lastMark = Math.clamp(lastMarkNanos, fault, fault + FAR);
        long from = fault - BEFORE;
        long to = Math.max(fault + AFTER, lastMark + AFTER_LAST);
        if (to - from <= LONGEST_UNBROKEN) {
            return new TimeScale(List.of(new Piece(from, to, left, right)));
        }
        long breakAt = fault + AFTER;
        long resume =
                Math.max(breakAt, Math.max(Math.min(firstMarkAfter, lastMark) - AFTER, to - LONGEST_UNBROKEN / 2));
        double scale = (right - left - GAP) / (breakAt - from + to - resume);
        double middle = left + (breakAt - from) * scale;
        return new TimeScale(
                List.of(new Piece(from, breakAt, left, middle), new Piece(resume, to, middle + GAP, right)));
    }

    List<Piece> pieces() {
        return pieces;
    }

    boolean isBroken() {
        return pieces.size() > 1;
    }

    /** Place of a moment; a moment in the break or outside is moved to the nearest edge. */
    double x(long nanos) {
        Piece piece = pieces.getFirst();
        for (Piece p : pieces) {
            piece = nanos >= p.from ? p : piece;
        }
        return piece.x(Math.clamp(nanos, piece.from, piece.to));
    }

    /** Round moments relative to the origin, in every piece, at most about ten in all. */
    List<Long> ticks(long origin) {
        long span = 0;
        for (Piece p : pieces) {
            span += p.to - p.from;
        }
        long step = span <= 5 * SECOND ? SECOND / 2 : SECOND;
        List<Long> ticks = new ArrayList<>();
        for (Piece p : pieces) {
            long first = Math.ceilDiv(p.from - origin, step);
            for (long t = origin + first * step; ticks.size() < MOST_TICKS && t <= p.to; t += step) {
                ticks.add(t);
            }
        }
        return ticks;
    }
}
