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

/**
 * Answers {@code GET /health} on a loopback address: 200 while the group is up, a mere suspicion included, 503 once it hangs
 * or is gone. Threads of its own; the watchdog's is never waited for.
 */
final class HealthServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final int MAX_PORT = 65_535;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS,
            Thread.ofPlatform().daemon().name("health-", 0).factory());
    private final Supplier<HealthCheck> check;

    HealthServer(InetSocketAddress address, Supplier<HealthCheck> check) {
        this.check = check;
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

    /** "127.0.0.1:8080", port 0 for any; only this machine may ask, since a reason names processes. */
    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = colon < 0 ? "" : text.substring(0, colon);
            int port = Integer.parseInt(text.substring(colon + 1));
            // A literal only: names would have to be resolved, and could lead anywhere.
            if (host.matches("127\\.[0-9.]+|\\[::1]") && port >= 0 && port <= MAX_PORT) {
                return new InetSocketAddress(InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")), port);
            }
        } catch (IllegalArgumentException wrong) {
            throw new UnfitException("--listen must be a loopback address and a port, as 127.0.0.1:8080: " + text);
        }
        throw new UnfitException("--listen must be a loopback address and a port, as 127.0.0.1:8080: " + text);
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean reads = exchange.getRequestMethod().equals("GET") || exchange.getRequestMethod().equals("HEAD");
            if (!exchange.getRequestURI().getPath().equals("/health") || !reads) {
                exchange.sendResponseHeaders(reads ? NOT_FOUND : NOT_ALLOWED, -1);
                return;
            }
            HealthCheck now = check.get();
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("status", now.status().name());
            line.put("reason", now.reason());
            byte[] body = (Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(now.isUp() ? OK : UNAVAILABLE, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
