package dev.rollcall.tools.sidecar;

import dev.rollcall.tools.console.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints on a thread of its own, because a reader that does not read must not hold up the watchdog; what does not fit into
 * the queue is dropped. Any thread.
 */
final class EventLines implements AutoCloseable {
    private static final int QUEUED = 1024;
    private static final long CLOSE_MILLIS = 500;

    private final Consumer<String> out;
    private final ExecutorService printer = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUED), Thread.ofPlatform().daemon().name("event-lines").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    EventLines(Consumer<String> out) {
        this.out = out;
    }

    void add(String event, Map<String, ?> facts) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.putAll(facts);
        printer.execute(() -> out.accept(Json.line(line)));
    }

    @Override
    public void close() {
        printer.shutdown();
        try {
            if (!printer.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                System.err.println("rollcall: the last events were not read");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
