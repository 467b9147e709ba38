package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.RankSnapshot;
import dev.rollcall.watchdog.Timeline;
import dev.rollcall.watchdog.incident.CallBars.Bar;
import dev.rollcall.watchdog.incident.Story.Gathering;
import dev.rollcall.watchdog.incident.TimeScale.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The picture: a lane per process, the moment of the fault, and what followed. One thread. */
final class LaneChart {
    private static final double WIDTH = 1080;
    private static final double LEFT = 72;
    private static final double RIGHT = WIDTH - 128;
    private static final double ROW = 17;
    private static final double CHARACTER = 6.6;
    private static final int MANY = 16;

    private final Story story;
    private final Markup out;
    private final GroupSnapshot[] window;
    private final List<Mark> marks;
    private final TimeScale scale;
    private final long lastReading;
    private final double pitch;
    private final double height;
    private final double top;

    /** A vertical rule with its label. */
    private record Mark(String name, String style, long nanos) {
    }

    LaneChart(Story story, Markup out) {
        this.story = story;
        this.out = out;
        window = story.window();
        marks = marks(story);
        long last = marks.getLast().nanos();
        scale = TimeScale.of(story.zero(), marks.size() > 1 ? marks.get(1).nanos() : last, last, LEFT, RIGHT);
        lastReading = window[window.length - 1].atNanos();
        boolean many = window[0].ranks().size() > MANY;
        pitch = many ? 14 : 24;
        height = many ? 9 : 14;
        top = 10 + ROW * (1 + rows()[marks.size()]);
    }

    /** Draws it; the window must not be empty. */
    void draw() {
        int ranks = window[0].ranks().size();
        double bottom = top + pitch * (ranks + 1) + 8;
        out.open("svg", "class", pitch < 20 ? "lanes many" : "lanes", "viewBox",
                "0 0 " + n(WIDTH) + " " + n(bottom + 26), "role", "img", "aria-labelledby", "lanes-title");
        out.element("title", "Calls of each process around the fault", "id", "lanes-title");
        axis(bottom);
        driverLane(top);
        for (int r = 0; r < ranks; r++) {
            rankLane(r, top + pitch * (r + 1) + 4);
        }
        rules(bottom);
        out.closeLine();
    }

    private static List<Mark> marks(Story story) {
        Timeline t = story.incident().timeline();
        List<Mark> marks = new ArrayList<>();
        boolean knowsFault = t.lastProgressNanos() != 0;
        long verdict = story.verdictNanos();
        if (knowsFault && verdict != story.zero()) {
            boolean blames = story.blamesSomebody();
            marks.add(new Mark(blames ? "fault" : "last progress", blames ? "fault" : "minor", story.zero()));
        }
        if (t.suspectNanos() != 0 && t.suspectNanos() < verdict) {
            marks.add(new Mark("suspected", "minor", t.suspectNanos()));
        }
        marks.add(new Mark("verdict", "verdict", verdict));
        if (t.failedNanos() != 0 && story.failed() > 0) {
            marks.add(new Mark(story.failedBeforeSeen() ? "calls seen failed" : "calls failed", "minor",
                    t.failedNanos()));
        }
        if (story.savedNanos() != 0) {
            marks.add(new Mark("evidence saved", "minor", story.savedNanos()));
        }
        marks.sort(Comparator.comparingLong(Mark::nanos));
        return marks;
    }

    private void axis(double bottom) {
        for (Piece piece : scale.pieces()) {
            out.empty("line", "class", "axis", "x1", n(piece.left()), "x2", n(piece.right()), "y1", n(bottom), "y2",
                    n(bottom));
        }
        for (long tick : scale.ticks(story.zero())) {
            String x = n(scale.x(tick));
            out.empty("line", "class", "grid", "x1", x, "x2", x, "y1", n(top - 4), "y2", n(bottom + 4));
            long offset = tick - story.zero();
            String label = offset == 0 ? "0" : (offset < 0 ? "\u2212" : "+") + tenths(Math.abs(offset)) + " s";
            out.element("text", label, "class", "tick", "x", x, "y", n(bottom + 18), "text-anchor", "middle");
        }
        if (scale.isBroken()) {
            double x = scale.pieces().getFirst().right() + 13;
            out.element("text", "\u22ef", "class", "tick", "x", n(x), "y", n(bottom + 5), "text-anchor", "middle");
        }
        out.text("\n");
    }

    private void driverLane(double y) {
        boolean culprit = story.blames(Verdict.DRIVER);
        name("driver", y, culprit);
        ground(y);
        int most = 1;
        for (GroupSnapshot s : window) {
            most = Math.max(most, s.inFlight().size());
        }
        StringBuilder area = new StringBuilder();
        int i = 0;
        while (i + 1 < window.length) {
            int calls = window[i].inFlight().size();
            long from = window[i].atNanos();
            while (i + 1 < window.length && window[i].inFlight().size() == calls) {
                i++;
            }
            double share = (double) calls / most;
            if (calls > 0) {
                long to = culprit ? Math.min(window[i].atNanos(), story.zero()) : window[i].atNanos();
                boxes(area, from, to, y + height * (1 - share), height * share, 0);
            }
        }
        path("flow", area);
        if (culprit) {
            band("culprit", story.zero(), lastReading, y);
        }
        note(Words.lane(story, window[window.length - 1].driver()), y, culprit);
        out.text("\n");
    }

    private void rankLane(int rank, double y) {
        boolean culprit = story.blames(rank);
        boolean held = story.verdict().rank() == rank;
        boolean waits = story.victims().contains(rank);
        name(pitch < 20 ? Integer.toString(rank) : "rank " + rank, y, culprit);
        ground(y);
        long waitsFrom = waits ? Math.max(story.zero(), waitsFrom(rank)) : Long.MAX_VALUE;
        StringBuilder calls = new StringBuilder();
        StringBuilder waiting = new StringBuilder();
        for (Bar bar : CallBars.of(window, rank)) {
            long end = held ? Math.min(bar.to(), story.zero()) : bar.to();
            boolean open = waits && bar.to() >= story.verdictNanos() && bar.from() < story.verdictNanos();
            if (open && end > waitsFrom) {
                boxes(calls, bar.from(), Math.max(bar.from(), waitsFrom), y, height, 0);
                boxes(waiting, Math.max(bar.from(), waitsFrom), end, y, height, 0);
            } else {
                boxes(calls, bar.from(), end, y, height, bar.finished() ? 1 : 0);
            }
        }
        path("call", calls);
        path("waits", waiting);
        if (held) {
            band(culprit ? "culprit" : "held", story.zero(), lastReading, y);
        }
        RankSnapshot atVerdict = story.rank(rank);
        note(atVerdict == null ? "" : Words.lane(story, atVerdict), y, culprit);
        out.text("\n");
    }

    /** First reading that found the rank inside the collective that never completed. */
    private long waitsFrom(int rank) {
        Gathering gathering = story.gathering();
        if (gathering == null) {
            return Long.MIN_VALUE;
        }
        for (GroupSnapshot s : window) {
            for (CollectiveStatus c : s.ranks().get(rank).board().collectives()) {
                if (c.communicator() == gathering.communicator() && c.entered() == gathering.sequence()) {
                    return s.atNanos();
                }
            }
        }
        return Long.MIN_VALUE;
    }

    private void rules(double bottom) {
        int[] rows = rows();
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            double x = scale.x(mark.nanos());
            double y = 8 + ROW * rows[i];
            out.empty("line", "class", "rule " + mark.style(), "x1", n(x), "x2", n(x), "y1", n(y - 4), "y2",
                    n(bottom));
            out.open("text", "class", "mark " + mark.style(), "x", n(x + 5), "y", n(y + 6));
            out.text(mark.name() + " ").element("tspan", offset(mark), "class", "at").close();
        }
    }

    /** Row of each mark, and in the last element the lowest row in use. */
    private int[] rows() {
        double[] x = new double[marks.size()];
        double[] widths = new double[marks.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = scale.x(marks.get(i).nanos());
            widths[i] = 14 + CHARACTER * (marks.get(i).name().length() + 1 + offset(marks.get(i)).length());
        }
        int[] rows = LabelStairs.rows(x, widths);
        int[] andLowest = Arrays.copyOf(rows, rows.length + 1);
        for (int row : rows) {
            andLowest[rows.length] = Math.max(andLowest[rows.length], row);
        }
        return andLowest;
    }

    private String offset(Mark mark) {
        return mark.nanos() == story.zero() ? "0.00 s" : Units.offset(mark.nanos() - story.zero());
    }

    private void name(String name, double y, boolean culprit) {
        out.element("text", name, "class", culprit ? "name culprit" : "name", "x", n(LEFT - 10), "y",
                n(y + height / 2 + 4), "text-anchor", "end");
    }

    private void note(String note, double y, boolean culprit) {
        out.element("text", note, "class", culprit ? "note culprit" : "note", "x", n(RIGHT + 10), "y",
                n(y + height / 2 + 4));
    }

    /** Where readings exist: beyond them nothing is known, and nothing is drawn. */
    private void ground(double y) {
        StringBuilder ground = new StringBuilder();
        boxes(ground, window[0].atNanos(), lastReading, y, height, 0);
        path("ground", ground);
    }

    private void band(String style, long from, long to, double y) {
        StringBuilder band = new StringBuilder();
        boxes(band, Math.max(from, window[0].atNanos()), to, y, height, 0);
        path(style, band);
    }

    private void path(String style, StringBuilder boxes) {
        if (!boxes.isEmpty()) {
            out.empty("path", "class", style, "d", boxes.toString());
        }
    }

    /** Adds the visible parts of a stretch as closed boxes; {@code gap} is left free at its end where there is room. */
    private void boxes(StringBuilder path, long from, long to, double y, double boxHeight, double gap) {
        for (Piece piece : scale.pieces()) {
            long a = Math.max(from, piece.from());
            long b = Math.min(to, piece.to());
            if (b <= a) {
                continue;
            }
            double x = piece.x(a);
            double width = Math.max(0.6, piece.x(b) - x - (b == to ? gap : 0));
            path.append('M').append(n(x)).append(' ').append(n(y)).append('h').append(n(width)).append('v')
                    .append(n(boxHeight)).append('h').append(n(-width)).append('z');
        }
    }

    private static String tenths(long nanos) {
        return nanos % 1_000_000_000L == 0 ? Long.toString(nanos / 1_000_000_000L)
                : String.format(Locale.ROOT, "%.1f", nanos / 1e9);
    }

    /** A coordinate with one decimal at most. */
    private static String n(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : String.format(Locale.ROOT, "%.1f", tenths / 10.0);
    }
}
