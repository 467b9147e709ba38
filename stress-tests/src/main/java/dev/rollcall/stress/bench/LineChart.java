package dev.rollcall.stress.bench;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A line chart as SVG: positions along x are given, y is logarithmic. Colours belong to names, so that a peer looks the same in every
 * chart. One thread.
 */
final class LineChart {
    private static final Map<String, String> COLOURS = Map.of(Case.PRODUCT, "#c2255c", Plan.C, "#495057", Plan.AERON,
            "#1971c2", Plan.AGRONA, "#2f9e44", Plan.SOCKETS, "#e67700", Plan.GRPC, "#7048e8");
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 78;
    private static final int RIGHT = 130;
    private static final int TOP = 44;
    private static final int BOTTOM = 48;

    private final String title;
    private final String xTitle;
    private final Metric metric;
    private final List<Tick> ticks;
    private final List<Series> all = new ArrayList<>();

    /** A mark on the x axis. */
    record Tick(double x, String label) {
    }

    /** A point of a line. */
    record Point(double x, double y) {
    }

    private record Series(String peer, String mode, List<Point> points) {
    }

    LineChart(String title, String xTitle, Metric metric, List<Tick> ticks) {
        this.title = title;
        this.xTitle = xTitle;
        this.metric = metric;
        this.ticks = ticks;
    }

    /** One point is no line. */
    void add(String peer, String mode, List<Point> points) {
        List<Point> drawn = points.stream().filter(point -> point.y > 0).toList();
        if (drawn.size() > 1) {
            all.add(new Series(peer, mode, drawn));
        }
    }

    String title() {
        return title;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    String svg() {
        double low = Math.floor(Math.log10(all.stream().flatMap(s -> s.points.stream()).mapToDouble(Point::y).min()
                .orElse(1)));
        double high = Math.max(low + 1, Math.ceil(Math.log10(all.stream().flatMap(s -> s.points.stream())
                .mapToDouble(Point::y).max().orElse(10))));
        StringBuilder svg = new StringBuilder();
        put(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
                + "font-size=\"12\">", WIDTH, HEIGHT);
        put(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>");
        put(svg, "<text x=\"%d\" y=\"24\" font-size=\"15\" font-weight=\"bold\">%s</text>", LEFT, escaped(title));
        axes(svg, low, high);
        double nextLabel = TOP;
        List<Series> fromTop = all.stream().sorted((one, other) -> Double.compare(last(other), last(one))).toList();
        for (Series series : fromTop) {
            nextLabel = line(svg, series, low, high, nextLabel);
        }
        return svg.append("</svg>\n").toString();
    }

    private static double last(Series series) {
        return series.points.getLast().y;
    }

    private void axes(StringBuilder svg, double low, double high) {
        for (int decade = (int) low; decade <= high; decade++) {
            double y = y(Math.pow(10, decade), low, high);
            put(svg, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dee2e6\"/>", LEFT, WIDTH - RIGHT, y,
                    y);
            put(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#495057\">%s</text>", LEFT - 8, y + 4,
                    axisLabel(decade));
        }
        for (Tick tick : ticks) {
            put(svg, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#f1f3f5\"/>", x(tick.x), x(tick.x),
                    TOP,
                    HEIGHT - BOTTOM);
            put(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#495057\">%s</text>", x(tick.x),
                    HEIGHT - BOTTOM + 18, escaped(tick.label));
        }
        put(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#495057\">%s</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, escaped(xTitle));
    }

    private String axisLabel(int decade) {
        return metric.format(Math.pow(10, decade)).replaceFirst("\\.0+ ", " ").replaceFirst("(\\.[0-9]*?)0+ ", "$1 ");
    }

    /** Draws one line and its label right of its end, below the one before; returns where the next label may be. */
    private double line(StringBuilder svg, Series series, double low, double high, double label) {
        String colour = COLOURS.getOrDefault(series.peer, "#000");
        StringBuilder points = new StringBuilder();
        for (Point point : series.points) {
            put(points, "%.1f,%.1f ", x(point.x), y(point.y, low, high));
        }
        put(svg, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>", points.toString().strip(),
                colour, series.peer.equals(Case.PRODUCT) ? "3" : "1.5");
        double y = Math.max(label, y(last(series), low, high));
        put(svg, "<text x=\"%d\" y=\"%.1f\" fill=\"%s\">%s</text>", WIDTH - RIGHT + 8, y + 4, colour,
                escaped(series.peer + " (" + series.mode + ")"));
        return y + 15;
    }

    private double x(double value) {
        double first = ticks.getFirst().x;
        return LEFT + (value - first) / (ticks.getLast().x - first) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double low, double high) {
        return HEIGHT - BOTTOM - (Math.log10(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
    }

    @FormatMethod
    private static void put(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
