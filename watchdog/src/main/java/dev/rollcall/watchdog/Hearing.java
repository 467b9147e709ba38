package dev.rollcall.watchdog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears all witnesses at once, each for as long as its bound: who hangs or throws leaves a note in place of his words.
 * Begun and asked by the watchdog's thread.
 */
final class Hearing {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final int MAX_CHARS = 256 * 1024;

    private final List<Statement> statements = new ArrayList<>();
    private final long begunNanos;

    private record Statement(Witness witness, FutureTask<String> words) {
    }

    Hearing(List<Witness> witnesses, Executor threads, long now) {
        begunNanos = now;
        for (Witness witness : witnesses) {
            FutureTask<String> words = new FutureTask<>(witness.words());
            try {
                threads.execute(words);
            } catch (RejectedExecutionException stuck) {
                words.cancel(false);
            }
            statements.add(new Statement(witness, words));
        }
    }

    boolean isOver(long now) {
        for (Statement each : statements) {
            if (!each.words.isDone() && now - begunNanos < each.witness.boundNanos()) {
                return false;
            }
        }
        return true;
    }

    /** By name, what was said by now. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Statement each : statements) {
            texts.put(each.witness.name(), text(each));
        }
        return texts;
    }

    private static String text(Statement statement) {
        if (statement.words.isCancelled()) {
            return "(not asked: earlier ones still hang)\n";
        }
        if (!statement.words.isDone()) {
            return "(no answer within " + Phrases.time(statement.witness.boundNanos()) + ")\n";
        }
        try {
            String text = String.valueOf(statement.words.get());
            return text.length() <= MAX_CHARS ? text
                    : text.substring(0, MAX_CHARS) + "\n(cut off, chars=" + text.length() + ")\n";
        } catch (ExecutionException e) {
            LOG.warn("nothing added to the incident: from={}", statement.witness.name(), e.getCause());
            return "(failed: " + e.getCause() + ")\n";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "(interrupted)\n";
        }
    }
}
