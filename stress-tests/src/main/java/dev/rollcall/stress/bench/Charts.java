package dev.rollcall.stress.bench;

import dev.rollcall.stress.bench.Case.Rival;
import dev.rollcall.stress.bench.LineChart.Point;
import dev.rollcall.stress.bench.LineChart.Tick;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/** Latency percentiles of each case, throughput by readers, cost of a call by workers. One thread. */
final class Charts {
    private static final List<Double> PERCENTILES =
            List.of(10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.99);
    private final List<RunLine> runs;
    private final Histograms histograms;

    Charts(Saved saved) {
        this.runs = saved.runs();
        this.histograms = saved.histograms();
    }

    /** Writes those for which there is something to draw; returns title and file name of each. */
    Map<String, String> write(Path folder, List<Case> cases) {
        Map<String, LineChart> charts = new LinkedHashMap<>();
        for (Case work : cases) {
            if (work.isOneOf(List.of("w1", "w3-n8"))) {
                charts.put("latency-" + work.id(), percentiles(work));
            }
        }
        for (String size : List.of("64", "4096", "1048576")) {
            for (String mode : List.of("yield", "default")) {
                charts.put("readers-" + size + "-" + mode,
                        growth(cases, "w2-" + size + "-x", mode, "readers", Metric.RATE));
            }
        }
        charts.put("workers-yield", growth(cases, "w3-n", "yield", "workers", Metric.P50));
        Map<String, String> written = new LinkedHashMap<>();
        charts.forEach((name, chart) -> {
            if (!chart.isEmpty()) {
                written.put(chart.title(), write(folder, name, chart));
            }
        });
        return written;
    }

    private static String write(Path folder, String name, LineChart chart) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name + ".svg"), chart.svg());
            return name + ".svg";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LineChart percentiles(Case work) {
        List<Tick> ticks = List.of(tick(10), tick(50), tick(90), tick(99), tick(99.9), tick(99.99));
        LineChart chart = new LineChart(work.title() + ": latency", "percentile", Metric.P50, ticks);
        participants(work).forEach((peer, mode) -> {
            Histogram histogram = histograms.all(work.id(), peer);
            if (histogram != null) {
                chart.add(peer, mode, points(histogram, work.id().startsWith("w1") ? 2 : 1));
            }
        });
        return chart;
    }

    private static List<Point> points(Histogram histogram, int divisor) {
        List<Point> points = new ArrayList<>();
        for (double percentile : PERCENTILES) {
            double value = histogram.getValueAtPercentile(percentile) / (double) divisor;
            points.add(new Point(place(percentile), value));
        }
        return points;
    }

    private static Tick tick(double percentile) {
        return new Tick(place(percentile), Double.toString(percentile).replaceFirst("\\.0$", ""));
    }

    /** Each nine gets as much room as the one before. */
    private static double place(double percentile) {
        return -Math.log10(1 - percentile / 100);
    }

    /** A point per case whose id has a number between these two. */
    private LineChart growth(List<Case> cases, String prefix, String mode, String what, Metric metric) {
        Map<Integer, Case> sizes = new TreeMap<>();
        for (Case work : cases) {
            if (work.id().startsWith(prefix) && work.id().endsWith("-" + mode)) {
                sizes.put(
                        Integer.parseInt(work.id().substring(prefix.length(), work.id().length() - mode.length() - 1)),
                        work);
            }
        }
        List<Tick> ticks =
                sizes.keySet().stream().map(size -> new Tick(Math.log(size), Integer.toString(size))).toList();
        String title = sizes.isEmpty() ? prefix
                : sizes.values().iterator().next().title().replaceFirst(",? [0-9]+ [a-z]+, ", ", ");
        LineChart chart = new LineChart(title + ": " + metric.title() + " by " + what, what, metric, ticks);
        if (sizes.size() > 1) {
            participants(sizes.values().iterator().next()).forEach((peer, peerMode) -> {
                List<Point> points = new ArrayList<>();
                sizes.forEach((size, work) -> points.add(new Point(Math.log(size), median(work, peer, metric))));
                chart.add(peer, peerMode, points);
            });
        }
        return chart;
    }

    private static Map<String, String> participants(Case work) {
        Map<String, String> modes = new LinkedHashMap<>();
        modes.put(Case.PRODUCT, work.mode());
        for (Rival rival : work.rivals()) {
            modes.put(rival.peer(), rival.mode());
        }
        return modes;
    }

    private double median(Case work, String peer, Metric metric) {
        double[] values = runs.stream().filter(run -> run.caseId().equals(work.id()) && run.peer().equals(peer))
                .map(run -> run.value(metric)).filter(OptionalDouble::isPresent)
                .flatMapToDouble(value -> DoubleStream.of(value.getAsDouble())).toArray();
        return values.length == 0 ? 0 : Interval.median(values);
    }
}
