package dev.rollcall.tools.hangsim;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.Progress;
import dev.rollcall.tools.console.UnfitException;
import java.io.PrintStream;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the user sees: lines that stay, and a sign of life on standard error during every bounded wait; and the one line that
 * scripts read.
 * Falls silent once the rehearsal is broken off. Stage hand's thread.
 */
final class Screen {
    private final PrintStream out;
    private final PrintStream results;
    private final Progress progress;
    private final BooleanSupplier brokenOff;

    /** {@code out} is for people, {@code results} for scripts. */
    Screen(PrintStream out, PrintStream results, Progress progress, BooleanSupplier brokenOff) {
        this.out = out;
        this.results = results;
        this.progress = progress;
        this.brokenOff = brokenOff;
    }

    void say(String line) {
        print(out, line);
    }

    void result(String line) {
        print(results, line);
    }

    private void print(PrintStream where, String line) {
        if (!brokenOff.getAsBoolean()) {
            progress.clear();
            where.println(line);
            where.flush();
        }
    }

    void say(List<String> lines) {
        lines.forEach(this::say);
    }

    boolean await(long nanos, String line, BooleanSupplier done) {
        return await(nanos, () -> line, done);
    }

    /** Looks every millisecond; false when time is up or the rehearsal is broken off. */
    boolean await(long nanos, Supplier<String> line, BooleanSupplier done) {
        long start = System.nanoTime();
        while (!done.getAsBoolean()) {
            if (brokenOff.getAsBoolean() || System.nanoTime() - start > nanos) {
                return false;
            }
            progress.alive(line);
            Pause.briefly();
        }
        return true;
    }

    /** The event of that name; what the process says before is dropped, and an error it reports is thrown. */
    JsonNode awaitEvent(Child child, String name, long nanos, Supplier<String> line) {
        EventSearch search = new EventSearch(child, name);
        // Drained, not dead: what a process said before its end is read to the end.
        boolean ended = await(nanos, line, () -> search.found() || child.isDrained());
        if (!ended || !search.found()) {
            throw new RollcallException("no word from a process: expected=" + name + " " + child.lastWords());
        }
        JsonNode event = search.event;
        if (event == null) {
            throw new IllegalStateException("found nothing");
        }
        return event;
    }

    private static final class EventSearch {
        private final Child child;
        private final String name;
        private @Nullable JsonNode event;

        EventSearch(Child child, String name) {
            this.child = child;
            this.name = name;
        }

        boolean found() {
            JsonNode next;
            while (event == null && (next = child.poll()) != null) {
                String kind = next.path("event").asText();
                if (kind.equals("error")) {
                    String message = next.path("message").asText();
                    throw next.path("unfit").asBoolean()
                            ? new UnfitException(message)
                            : new RollcallException(message);
                }
                event = kind.equals(name) ? next : null;
            }
            return event != null;
        }
    }
}
