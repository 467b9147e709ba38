package dev.rollcall.tools.sidecar;

import dev.rollcall.watchdog.Watchdog;
import dev.rollcall.watchdog.micrometer.WatchdogMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /metrics} answers: the watchdog's meters in the text format of Prometheus. Any thread. Nothing of the
 * library is loaded before somebody asks; what was counted until then is counted.
 */
final class MetricsPage {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Watchdog watchdog;
    private @Nullable PrometheusMeterRegistry registry;

    MetricsPage(Watchdog watchdog) {
        this.watchdog = watchdog;
    }

    synchronized String text() {
        PrometheusMeterRegistry known = registry;
        if (known == null) {
            known = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            WatchdogMetrics meters = new WatchdogMetrics(watchdog); // they last as long as this process
            meters.bindTo(known);
            registry = known;
        }
        return known.scrape(CONTENT_TYPE);
    }
}
