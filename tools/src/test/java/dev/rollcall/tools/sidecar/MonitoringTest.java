package dev.rollcall.tools.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.ThreadLauncher;
import dev.rollcall.rpc.micrometer.ExecutorMetrics;
import dev.rollcall.watchdog.Watchdog;
import dev.rollcall.watchdog.WatchdogMode;
import dev.rollcall.watchdog.micrometer.WatchdogMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a group that serves shows to Prometheus, and that the pages, alerts and dashboard speak of nothing else. */
@Timeout(60)
class MonitoringTest {
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-z_]+)(?:\\{([a-z_]+=\"[^\"]*\"(?:,[a-z_]+=\"[^\"]*\")*)})? (-?[0-9.eE+-]+|NaN|[+-]Inf)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*[=!]");
    private static final Pattern SELECTOR = Pattern.compile("(rollcall_[a-z_]+)(?:\\{([^}]*)})?");
    private static final Pattern ROW = Pattern
            .compile("\\| `(rollcall\\.[a-z.]+)` \\| (counter|gauge|timer) \\|([^|]*)\\|.*");

    private static CollectiveExecutor group;
    private static Watchdog watchdog;
    private static Thread watching;
    private static HealthServer server;
    private static final PrometheusMeterRegistry ALL = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private static Map<String, Set<String>> series;

    @BeforeAll
    static void serve() throws Exception {
        group = CollectiveExecutor.builder(ThreadLauncher.of(() -> call -> call.arguments()), 2)
                .defaultTimeout(Duration.ofSeconds(30)).start();
        watchdog = Watchdog.builder(group.directory()).mode(WatchdogMode.OBSERVE).build();
        new WatchdogMetrics(watchdog).bindTo(ALL);
        new ExecutorMetrics(group).bindTo(ALL);
        server = new HealthServer(HealthServer.address("127.0.0.1:0", false), watchdog::healthCheck,
                new MetricsPage(watchdog)::text);
        watching = Thread.ofPlatform().daemon().start(watchdog::run);
        long from = System.nanoTime();
        while (watchdog.headroom().isEmpty()) {
            assertThat(System.nanoTime() - from).as("a learned limit").isLessThan(TimeUnit.SECONDS.toNanos(40));
            group.call("execute_model", MemorySegment.NULL, CallOptions.fromRank(0).inClass("decode"))
                    .get(30, TimeUnit.SECONDS);
        }
        series = series(ALL.scrape());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
        watching.interrupt();
        assertThat(watching.join(Duration.ofSeconds(10))).isTrue();
        watchdog.close();
        group.close();
        ALL.close();
    }

    @Test
    void shouldServeWhatTheWatchdogSeesToAScraper() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                    .timeout(Duration.ofSeconds(30)).build();
            List<String> lines = client.send(request, BodyHandlers.ofString()).body().lines().toList();

            assertThat(lines).contains("rollcall_group_up 1.0",
                    "rollcall_verdicts_total{acted=\"false\",kind=\"STOPPED\"} 0.0");
            assertThat(value(lines, "rollcall_ring_lag_messages{rank=\"1\"}")).isNotNegative();
            assertThat(value(lines, "rollcall_board_calls_total{outcome=\"completed\"}")).isGreaterThan(3);
            assertThat(value(lines,
                    "rollcall_step_limit_seconds{class=\"decode\",method=\"execute_model\"}"))
                    .isGreaterThanOrEqualTo(1);
            double ticks = value(lines, "rollcall_watchdog_ticks_total");
            long made = watchdog.counters().ticks();
            long from = System.nanoTime();
            while (watchdog.counters().ticks() == made) {
                assertThat(System.nanoTime() - from).as("a tick").isLessThan(TimeUnit.SECONDS.toNanos(20));
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(value(client.send(request, BodyHandlers.ofString()).body().lines().toList(),
                    "rollcall_watchdog_ticks_total")).isGreaterThan(ticks);
        }
    }

    @Test
    void shouldShowLatencyAsAHistogram() {
        assertThat(series.get("rollcall_calls_duration_seconds_bucket")).containsExactlyInAnyOrder("le", "method");
        assertThat(series).containsKeys("rollcall_calls_duration_seconds_sum", "rollcall_calls_duration_seconds_count");
    }

    @Test
    void shouldDocumentEveryMeterWithItsTypeAndTags() throws IOException {
        Set<String> documented = new TreeSet<>(rows("watchdog/README.md"));
        documented.addAll(rows("rpc-executor/README.md"));
        Set<String> registered = ALL.getMeters().stream().map(Meter::getId)
                .map(id -> row(id.getName(), id.getType().name().toLowerCase(Locale.ROOT),
                        id.getTags().stream().map(tag -> tag.getKey()).collect(Collectors.toCollection(TreeSet::new))))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(registered);
    }

    @Test
    void shouldAlertOnNothingButWhatIsThere() throws IOException {
        List<String> rules = Files.readAllLines(root().resolve("watchdog/monitoring/rollcall-alerts.yml"));
        List<String> expressions = rules.stream().map(String::strip).filter(line -> line.startsWith("expr: "))
                .toList();
        assertThat(expressions).hasSize((int) rules.stream().filter(line -> line.contains("- alert: ")).count())
                .hasSizeGreaterThan(5).allSatisfy(MonitoringTest::speaksOfWhatIsThere);
    }

    @Test
    void shouldDrawNothingButWhatIsThere() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(root().resolve("watchdog/monitoring/rollcall-dashboard.json").toFile());
        List<String> expressions = new ArrayList<>();
        dashboard.findValues("expr").forEach(each -> expressions.add(each.asText()));
        assertThat(expressions).hasSizeGreaterThan(10).allSatisfy(MonitoringTest::speaksOfWhatIsThere);
        assertThat(dashboard.findValues("id")).doesNotHaveDuplicates();
    }

    /** Every series there is, with these labels. */
    private static void speaksOfWhatIsThere(String expression) {
        Matcher selector = SELECTOR.matcher(expression);
        assertThat(selector.find()).as(expression).isTrue();
        do {
            assertThat(series).as(expression).containsKey(selector.group(1));
            if (selector.group(2) != null) {
                Matcher label = LABEL.matcher(selector.group(2));
                while (label.find()) {
                    // those of the scrape itself are on every series
                    if (!Set.of("instance", "job").contains(label.group(1))) {
                        assertThat(series.get(selector.group(1))).as(expression).contains(label.group(1));
                    }
                }
            }
        } while (selector.find());
    }

    private static Map<String, Set<String>> series(String page) {
        Map<String, Set<String>> found = new TreeMap<>();
        page.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Set<String> labels = found.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            if (sample.group(2) != null) {
                Matcher label = Pattern.compile("([a-z_]+)=\"").matcher(sample.group(2));
                while (label.find()) {
                    labels.add(label.group(1));
                }
            }
        });
        return found;
    }

    private static double value(List<String> lines, String name) {
        return lines.stream().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1))).findFirst().orElseThrow();
    }

    private static List<String> rows(String page) throws IOException {
        return Files.readAllLines(root().resolve(page)).stream().map(ROW::matcher).filter(Matcher::matches)
                .map(row -> row(row.group(1), row.group(2),
                        Pattern.compile("`([a-z]+)`").matcher(row.group(3)).results()
                                .map(tag -> tag.group(1)).collect(Collectors.toCollection(TreeSet::new))))
                .toList();
    }

    private static String row(String name, String type, Set<String> tags) {
        return name + " " + type + " " + tags;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("rollcall"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("not inside the repository: " + Path.of("").toAbsolutePath());
        }
        return folder;
    }
}
