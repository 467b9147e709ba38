package dev.rollcall.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a worker prints: handed on line by line, the last lines kept. {@link #drain}, {@link #add} and {@link #close}: one
 * thread; {@link #lines}: any.
 */
final class OutputTail {

    private static final int MAX_LINE = 4096;

    private final int keep;
    private final Consumer<String> sink;
    // guarded by this
    private final Deque<String> lines = new ArrayDeque<>();
    private List<String> epilogue = List.of();

    OutputTail(int keep, Consumer<String> sink) {
        this.keep = keep;
        this.sink = sink;
    }

    /** Until the stream ends. Lines longer than 4 KiB arrive in pieces. */
    void drain(InputStream from) throws IOException {
        byte[] line = new byte[MAX_LINE];
        byte[] chunk = new byte[MAX_LINE];
        int length = 0;
        for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
            for (int i = 0; i < read; i++) {
                if (chunk[i] != '\n') {
                    line[length++] = chunk[i];
                }
                if (chunk[i] == '\n' || length == MAX_LINE) {
                    add(line, length);
                    length = 0;
                }
            }
        }
        if (length > 0) {
            add(line, length);
        }
    }

    private void add(byte[] bytes, int length) {
        add(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    void add(String line) {
        synchronized (this) {
            if (lines.size() == keep) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
        sink.accept(line);
    }

    /** What is to be known beside what it printed, and takes nothing of its room; once, after the last line. */
    void close(List<String> more) {
        synchronized (this) {
            epilogue = List.copyOf(more);
        }
        more.forEach(sink);
    }

    synchronized List<String> lines() {
        List<String> all = new ArrayList<>(lines);
        all.addAll(epilogue);
        return List.copyOf(all);
    }
}
