package dev.rollcall.tools.sidecar;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.Json;
import dev.rollcall.tools.console.UnfitException;
import dev.rollcall.watchdog.HealthCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /health}: 200 while the group is up, a mere suspicion included, 503 once it hangs or is gone; and
 * {@code GET /metrics}. On a loopback address, unless told otherwise. Threads of its own; the watchdog's is never waited
 * for.
 */
final class HealthServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final int MAX_PORT = 65_535;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int BROKEN = 500;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS,
            Thread.ofPlatform().daemon().name("health-", 0).factory());
    private final Supplier<HealthCheck> check;
    private final Supplier<String> metrics;

    HealthServer(InetSocketAddress address, Supplier<HealthCheck> check, Supplier<String> metrics) {
        this.check = check;
        this.metrics = metrics;
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            threads.shutdownNow();
            throw new RollcallException("cannot listen address=" + address + " error=" + e.getMessage(), e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /**
     * "127.0.0.1:8080", port 0 for any. Unless exposed only this machine may ask, since a reason names processes and nobody
     * is asked who he is.
     */
    static InetSocketAddress address(String text, boolean exposed) {
        InetSocketAddress address = literal(text);
        if (address == null) {
            throw new UnfitException("--listen must be an address and a port, as 127.0.0.1:8080: " + text);
        }
        if (!exposed && !address.getAddress().isLoopbackAddress()) {
            throw new UnfitException("--listen must be a loopback address and a port, as 127.0.0.1:8080: " + text
                    + "; --expose lets other machines ask");
        }
        return address;
    }

    private static @Nullable InetSocketAddress literal(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            // A literal only: names would have to be resolved, and could lead anywhere.
            if (host.matches("[0-9.]+|\\[[0-9a-fA-F:.]+]") && port >= 0 && port <= MAX_PORT) {
                return new InetSocketAddress(InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")), port);
            }
        } catch (IllegalArgumentException wrong) {
            return null;
        }
        return null;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean reads = exchange.getRequestMethod().equals("GET") || exchange.getRequestMethod().equals("HEAD");
            if (!reads) {
                exchange.sendResponseHeaders(NOT_ALLOWED, -1);
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/health" -> health(exchange);
                case "/metrics" -> metrics(exchange);
                default -> exchange.sendResponseHeaders(NOT_FOUND, -1);
            }
        }
    }

    private void metrics(HttpExchange exchange) throws IOException {
        String page;
        try {
            page = metrics.get();
        } catch (RuntimeException e) {
            LOG.error("metrics cannot be shown", e);
            exchange.sendResponseHeaders(BROKEN, -1);
            return;
        }
        send(exchange, OK, MetricsPage.CONTENT_TYPE, page);
    }

    private void health(HttpExchange exchange) throws IOException {
        HealthCheck now = check.get();
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("status", now.status().name());
        line.put("reason", now.reason());
        send(exchange, now.isUp() ? OK : UNAVAILABLE, "application/json", Json.line(line) + "\n");
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
